//! Walks a JSON value and notes every fault with its path. Knows no format.

use crate::io::text::{Fault, Faults, quoted};
use crate::model::Code;
use crate::units::LIMIT;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A JSON value in which no object has a key twice: the last would silently win.
pub(super) struct Unique(pub Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            found.push(item);
        }
        Ok(found.into())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut found = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if found.contains_key(&key) {
                return Err(twice(&key));
            }
            found.insert(key, map.next_value::<Unique>()?.0);
        }
        Ok(found.into())
    }
}

/// The fault of a key that comes twice.
pub(super) fn twice<E: Error>(key: &str) -> E {
    E::custom(format!("the key {} comes twice", quoted(key)))
}

/// A value and the way to it, such as `jobs[3].service`.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    /// The value that stands under a key of the document.
    pub fn root(key: &str, value: &'a Value) -> Self {
        Self { value, path: key.into() }
    }

    /// The same value under a shorter way.
    pub fn renamed(self, path: &str) -> Self {
        Self { path: path.into(), ..self }
    }

    /// Notes a fault here.
    pub fn fault(&self, faults: &mut Faults, code: Code, cause: impl Into<String>) {
        faults.at(&format!(" {}", self.path), code, cause);
    }

    /// The value, or the fault noted here and `None`.
    pub fn keep<T>(&self, faults: &mut Faults, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|(code, cause)| self.fault(faults, code, cause)).ok()
    }

    fn expected(&self, faults: &mut Faults, what: &str) {
        let found = quoted(&self.value.to_string());
        self.fault(faults, Code::SYNTAX, format!("{found} is not {what}"));
    }

    /// The value under this key; `null` counts as absent.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Node { value, path: format!("{}.{key}", self.path) })
    }

    /// True when there is such a key with a value.
    pub fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(|value| !value.is_null())
    }

    /// The keys and values of an object.
    pub fn object(&self, faults: &mut Faults) -> Option<&'a Map<String, Value>> {
        let object = self.value.as_object();
        if object.is_none() {
            self.expected(faults, "an object");
        }
        object
    }

    /// The items of a list; none when it is something else.
    pub fn items(&self, faults: &mut Faults) -> Vec<Node<'a>> {
        let Some(items) = self.value.as_array() else {
            self.expected(faults, "a list");
            return Vec::new();
        };
        let item = |(index, value)| Node { value, path: format!("{}[{index}]", self.path) };
        items.iter().enumerate().map(item).collect()
    }

    /// The two items of a list of two.
    pub fn pair(&self, faults: &mut Faults) -> Option<[Node<'a>; 2]> {
        let items = self.items(faults);
        let found = items.len();
        let pair = <[Node<'a>; 2]>::try_from(items).ok();
        if pair.is_none() && self.value.is_array() {
            self.fault(faults, Code::SYNTAX, format!("{found} values instead of 2"));
        }
        pair
    }

    /// A whole number within the limits of a world.
    pub fn whole(&self, faults: &mut Faults) -> Option<i64> {
        match (self.value.as_i64(), self.value.is_u64()) {
            (Some(value), _) if value.abs_diff(0) <= LIMIT.unsigned_abs() => Some(value),
            (Some(_), _) | (None, true) => {
                let cause = format!("{} is beyond ±{LIMIT}", self.value);
                self.fault(faults, Code::OUT_OF_RANGE, cause);
                None
            }
            _ => {
                self.expected(faults, "a whole number");
                None
            }
        }
    }

    /// A whole number from 0 to the largest of its type.
    pub fn count<T: TryFrom<i64>>(&self, faults: &mut Faults) -> Option<T> {
        let value = self.whole(faults)?;
        let count = if value < 0 { None } else { T::try_from(value).ok() };
        if count.is_none() {
            self.fault(faults, Code::OUT_OF_RANGE, format!("{value} is not a count"));
        }
        count
    }

    /// A number.
    pub fn real(&self, faults: &mut Faults) -> Option<f64> {
        let value = self.value.as_f64();
        if value.is_none() {
            self.expected(faults, "a number");
        }
        value
    }

    /// A text.
    pub fn string(&self, faults: &mut Faults) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.expected(faults, "a text");
        }
        text
    }

    /// An id that is a whole number of any size, as text.
    pub fn id(&self, faults: &mut Faults) -> Option<String> {
        let id = (self.value.is_u64() || self.value.is_i64()).then(|| self.value.to_string());
        if id.is_none() {
            self.expected(faults, "a whole number");
        }
        id
    }

    /// True for zero, and for lists and objects with nothing in them: said, but of no effect.
    pub fn idle(&self) -> bool {
        match self.value {
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::Array(items) => items.is_empty(),
            Value::Object(items) => items.is_empty(),
            _ => false,
        }
    }
}
