//! Numbers of JSON: what their text says, and the text that says it.

/// A whole number, also where it is written `5.0` or `5e3`.
#[must_use]
pub fn whole(text: &str) -> Option<i64> {
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let real = real(text)?;
    // Beyond this not every whole number is a floating-point number.
    (real.fract() == 0.0 && real.abs() < 9_007_199_254_740_992.0).then_some(real as i64)
}

/// A number that floating point can hold.
#[must_use]
pub fn real(text: &str) -> Option<f64> {
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|real: &f64| numeric && real.is_finite())
}

/// A number as JSON: the shortest text that reads as the same number, `5.0` for a whole one.
#[must_use]
pub fn written(real: f64) -> String {
    serde_json::to_string(&real).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{real, whole, written};

    #[test]
    fn numbers_keep_what_they_say() {
        assert_eq!((whole("5"), whole("5.0"), whole("-0"), whole("5.5")), (Some(5), Some(5), Some(0), None));
        assert_eq!(whole("123456789012345678901234567890"), None);
        assert_eq!((real("4.450"), real("1e999"), real("NaN")), (Some(4.45), None, None));
        assert_eq!((written(4.45), written(5.0)), ("4.45".to_owned(), "5.0".to_owned()));
    }
}
