//! Formats: bytes in, worlds and plans out.

pub mod road;
