//! Plain data: snapshots and canonical wire dicts, and their canonical JSON.
//!
//! Promises: the canonical text has its keys sorted bytewise, no white space and ASCII only.
//! Does not: hold floats, which nothing that is handed out has. Costs: one allocation for each text, list and
//! map.

use std::borrow::Cow;
use std::fmt::Write;

/// Plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// Null.
    Null,
    /// True or false.
    Flag(bool),
    /// An integer.
    Int(i128),
    /// A text.
    Text(Cow<'static, str>),
    /// A list.
    List(Vec<Json>),
    /// A map, in the order in which it is handed out.
    Map(Vec<(Cow<'static, str>, Json)>),
}

impl Json {
    /// An integer.
    #[must_use]
    pub fn int(number: impl Into<i128>) -> Self {
        Self::Int(number.into())
    }

    /// A text of the program.
    #[must_use]
    pub const fn name(name: &'static str) -> Self {
        Self::Text(Cow::Borrowed(name))
    }

    /// A text of the state.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Cow::Owned(text.into()))
    }

    /// A record with fixed keys.
    #[must_use]
    pub fn record<const N: usize>(fields: [(&'static str, Self); N]) -> Self {
        Self::Map(fields.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }

    /// The same data with every map in the bytewise order of its keys.
    #[must_use]
    pub fn sorted(self) -> Self {
        let entries = match self {
            Self::Map(entries) => entries,
            Self::List(items) => return Self::List(items.into_iter().map(Self::sorted).collect()),
            scalar => return scalar,
        };
        let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, value.sorted())).collect();
        entries.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        Self::Map(entries)
    }

    /// The canonical JSON text.
    #[must_use]
    pub fn canonical(self) -> String {
        let mut text = String::new();
        self.sorted().write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
            Self::Int(number) => text.push_str(&number.to_string()),
            Self::Text(string) => write_string(string, text),
            Self::List(items) => {
                let mut opening = '[';
                for item in items {
                    text.push(opening);
                    item.write(text);
                    opening = ',';
                }
                text.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Map(entries) => {
                let mut opening = '{';
                for (key, value) in entries {
                    text.push(opening);
                    write_string(key, text);
                    text.push(':');
                    value.write(text);
                    opening = ',';
                }
                text.push_str(if entries.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

/// A snapshot holds visible ASCII only; anything else is escaped all the same.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            ' '..='~' => text.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys are sorted at every depth, and quotes and backslashes are escaped.
    #[test]
    fn canonical_text_is_sorted_and_escaped() {
        let inner = Json::Map(vec![("\\".into(), Json::Int(-1)), ("\"".into(), Json::Null)]);
        let list = Json::List(vec![inner.clone(), Json::List(vec![]), Json::Int(0)]);
        let data =
            Json::record([("b", inner), ("a", Json::Flag(true)), ("c", Json::Map(vec![])), ("d", list)]);
        assert_eq!(
            data.canonical(),
            r#"{"a":true,"b":{"\"":null,"\\":-1},"c":{},"d":[{"\"":null,"\\":-1},[],0]}"#
        );
    }
}
