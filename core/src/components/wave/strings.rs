//! Characters and strings of WAVE, with their escapes.

use super::fault::Fault;
use super::lexer::{Lexer, cut};

/// Marks the begin and the end of a string of several lines.
const LINES: &str = r#"""""#;

impl Lexer<'_> {
    /// A character between single quotes.
    pub(super) fn char(&mut self) -> Result<char, Fault> {
        if self.peek() != Some('\'') {
            return Err(self.expected("char in single quotes"));
        }
        let start = self.at;
        self.at += 1;
        let c = match self.rest().chars().next() {
            Some('\\') => self.escape(self.text.len())?,
            Some(c) if c != '\'' && c != '\n' => {
                self.at += c.len_utf8();
                c
            }
            _ => return Err(one_character(start)),
        };
        match self.rest().starts_with('\'') {
            true => {
                self.at += 1;
                Ok(c)
            }
            false => Err(one_character(start)),
        }
    }

    /// A string between double quotes, or between triple ones.
    pub(super) fn string(&mut self) -> Result<String, Fault> {
        if self.peek() != Some('"') {
            return Err(self.expected("string in double quotes"));
        }
        if self.rest().starts_with(LINES) {
            return self.lines();
        }
        let end = self.closing_quote()?;
        self.at += 1;
        let mut string = String::with_capacity(end - self.at);
        self.unescape(end, &mut string)?;
        self.at = end + 1;
        Ok(string)
    }

    /// Where the string ends that begins here.
    fn closing_quote(&self) -> Result<usize, Fault> {
        let mut bytes = self.text.bytes().enumerate().skip(self.at + 1);
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'"' => return Ok(at),
                b'\n' => {
                    let what =
                        r#"a string between " ends in its line; write \n, or put """ around lines"#;
                    return Err(Fault::new(at, what));
                }
                b'\\' => drop(bytes.next()),
                _ => {}
            }
        }
        Err(Fault::new(self.at, "this string has no closing quote"))
    }

    /// Lines between triple quotes. As many blanks as the last one has are left out of each.
    fn lines(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let body = start + LINES.len();
        let Some(bytes) = self.text[body..].find(LINES) else {
            return Err(Fault::new(start, r#"this string has no closing """"#));
        };
        let end = body + bytes;
        self.at = body;
        let first = self.text[body..end].find('\n').map(|i| body + i);
        let Some(first) = first.filter(|it| matches!(&self.text[body..*it], "" | "\r")) else {
            let what = r#"behind the opening """ the line must end"#;
            return Err(Fault::new(body, what));
        };
        let last = self.text[..end].rfind('\n').unwrap_or(first);
        let indent = &self.text[last + 1..end];
        if !indent.bytes().all(|byte| byte == b' ') {
            let what = r#"in front of the closing """ there may only be spaces"#;
            return Err(Fault::new(end, what));
        }
        let mut string = String::with_capacity(last - first);
        self.at = first + 1;
        while self.at <= last {
            let line_end = self.rest().find('\n').map_or(last, |i| self.at + i);
            self.line(line_end, indent, &mut string)?;
            self.at = line_end + 1;
            string.extend((self.at <= last).then_some('\n'));
        }
        self.at = end + LINES.len();
        Ok(string)
    }

    fn line(&mut self, end: usize, indent: &str, string: &mut String) -> Result<(), Fault> {
        let line = &self.text[self.at..end];
        if !line.starts_with(indent) {
            let what = r#"this line begins left of the closing """"#;
            return Err(Fault::new(self.at, what));
        }
        self.at += indent.len();
        let end = end - usize::from(line.len() > indent.len() && line.ends_with('\r'));
        self.unescape(end, string)
    }

    /// What stands up to there.
    fn unescape(&mut self, end: usize, string: &mut String) -> Result<(), Fault> {
        while let Some(plain) = self.text[self.at..end].find('\\') {
            string.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
            string.push(self.escape(end)?);
        }
        string.push_str(&self.text[self.at..end]);
        Ok(())
    }

    /// The character that `\` and what follows it stand for.
    fn escape(&mut self, end: usize) -> Result<char, Fault> {
        let start = self.at;
        let mut chars = self.text[start + 1..end].chars();
        let c = match chars.next() {
            Some(c @ ('\\' | '"' | '\'')) => c,
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('u') => return self.code_point(end),
            other => {
                let shown: String = other.into_iter().filter(|c| *c != '\n').collect();
                let what = format!(
                    r#"`\{shown}` is no escape; there is \\, \", \', \n, \r, \t and \u{{1f600}}"#
                );
                return Err(Fault::new(start, what));
            }
        };
        self.at += 2;
        Ok(c)
    }

    /// The character of `\u{1f600}`.
    fn code_point(&mut self, end: usize) -> Result<char, Fault> {
        let start = self.at;
        let text = &self.text[start + 2..end];
        let digits = text.strip_prefix('{').and_then(|it| it.split_once('}'));
        let digits = digits.map(|(digits, _)| digits);
        let is_good =
            |it: &&str| (1..=6).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_hexdigit());
        let Some(digits) = digits.filter(is_good) else {
            let what = r"`\u` needs one to six hexadecimal digits in braces: \u{1f600}";
            return Err(Fault::new(start, what));
        };
        let Some(c) = u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32)
        else {
            let what = format!(r"`\u{{{}}}` is no Unicode character", cut(digits));
            return Err(Fault::new(start, what));
        };
        self.at = start + r"\u{}".len() + digits.len();
        Ok(c)
    }
}

fn one_character(at: usize) -> Fault {
    Fault::new(at, "between single quotes there must be one character")
}
