//! The passages that the simulator says, cut into words. Knows no directive, no wire format and no time.

/// Markdown with emphasis, a list, a link and a block of code.
pub(crate) const MARKDOWN: &str = r#"This answer is **scripted**: the same question always gets the same words.

It has what *Markdown* needs:

- a list with `inline code`
- a second item with a [link](https://example.com)

```rust
fn main() {
    println!("toasted");
}
```

And a closing paragraph, so that a reader sees how text flows after a block of code."#;

/// Characters of two to four bytes, joined and flagged emoji, combining marks, both writing directions.
pub(crate) const EMOJI: &str = "Toasted 🍡 family 👩\u{200D}👩\u{200D}👧\u{200D}👦 flag 🇳🇴 skin 👍🏽 combining e\u{301} a\u{30A}\u{323} \
    Zürich naïve שלום עולם and مرحبا بالعالم mixed 日本語 中文 한국어 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ☃\u{FE0F} end 🏁";

/// What a page must show as text, or drop, and never run or load.
pub(crate) const HTML: &str = r#"<script>alert("sim")</script> <img src=x onerror=alert(1)> <svg/onload=alert(2)>
<a href="javascript:alert(3)">link</a> [click](javascript:alert(4)) ![pixel](https://example.com/pixel.png)

<iframe src="https://example.com/"></iframe> <style>body{display:none}</style>
<form action="https://example.com/"><input name="password" autofocus onfocus=alert(5)></form>
</textarea></title><!-- <base href="https://example.com/"> &lt;b&gt;escaped&lt;/b&gt; `<b>code</b>`

```html
<script>alert(6)</script>
```

The end."#;

/// What a model says to itself.
pub(crate) const REASONING: &str = "First I read the question twice. Then I look for what is really asked, and weigh two ways to \
    answer it. The shorter one says the same, so I take it.";

/// How many words of the user's message an answer quotes.
const QUOTED_WORDS: usize = 12;

/// The opening and the passage as words, said once, or with the passage again and again until there are `count` words.
pub(crate) fn say(opening: &str, passage: &str, count: Option<usize>) -> Vec<String> {
    let Some(count) = count else {
        return split(&format!("{opening}{passage}"));
    };
    let again = split(&format!("{passage}\n\n"));
    let mut words = split(&format!("{opening}{passage}\n\n"));
    while words.len() < count {
        words.extend_from_slice(&again);
    }
    words.truncate(count);
    if let Some(last) = words.last_mut() {
        last.truncate(last.trim_end().len());
    }
    words
}

/// The line that quotes the user, with the blank line after it.
pub(crate) fn quotation(prose: &str) -> String {
    let mut words = prose.split_whitespace();
    let quote: Vec<&str> = words.by_ref().take(QUOTED_WORDS).collect();
    if quote.is_empty() {
        return "You said nothing.\n\n".to_owned();
    }
    let ellipsis = if words.next().is_some() { " …" } else { "" };
    format!("You said:\n\n> {}{ellipsis}\n\n", quote.join(" "))
}

/// A text as words, each with the white space that follows it; joined, they are the text again.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut ended = false;
    for character in text.chars() {
        let space = character.is_whitespace();
        if ended && !space {
            words.push(String::new());
            ended = false;
        }
        if let Some(word) = words.last_mut() {
            ended = space && !word.trim().is_empty() || ended;
            word.push(character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_joined_are_the_text_again() {
        for text in [
            "",
            " ",
            "one",
            "  two  words\n",
            "a\n\n- b\tc",
            MARKDOWN,
            EMOJI,
            HTML,
        ] {
            assert_eq!(split(text).concat(), text);
        }
        assert_eq!(split("  two  words\n"), ["  two  ", "words\n"]);
    }

    #[test]
    fn a_passage_has_as_many_words_as_asked_and_no_loose_end() {
        for count in [0, 1, 7, 60, 500] {
            let words = say("You said:\n\n", MARKDOWN, Some(count));
            assert_eq!(words.len(), count);
            assert_eq!(words.concat().trim_end(), words.concat());
        }
    }

    #[test]
    fn a_passage_said_again_starts_a_new_paragraph() {
        let twice = say("", REASONING, Some(2 * split(REASONING).len())).concat();
        assert_eq!(twice, format!("{REASONING}\n\n{REASONING}"));
    }

    #[test]
    fn a_quotation_is_short() {
        assert_eq!(quotation("Hello\n there"), "You said:\n\n> Hello there\n\n");
        assert_eq!(
            quotation("a b c d e f g h i j k l m"),
            "You said:\n\n> a b c d e f g h i j k l …\n\n"
        );
        assert_eq!(quotation(" "), "You said nothing.\n\n");
    }
}
