//! Small cases with one reason each.
