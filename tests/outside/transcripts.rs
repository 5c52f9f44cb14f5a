//! Sessions at a terminal, as data: see `tests/cmd`.

#[test]
fn transcripts_are_what_the_binary_writes() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
