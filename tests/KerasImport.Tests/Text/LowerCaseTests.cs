namespace KerasCompat.Text.Tests;

/// <summary>Suite <c>text</c> goes over every code point; these are words.</summary>
public class LowerCaseTests
{
    [Theory]
    [InlineData("İSTANBUL IĞDIR", "i\u0307stanbul iğdir")]
    [InlineData("STRASSE Straße ẞ", "strasse straße ß")]
    [InlineData("ΟΔΥΣΣΕΥΣ ΣΑΣ. Α'Σ", "οδυσσευς σας. α'ς")]
    [InlineData("世界 \U0001F600 CAFE\u0301", "世界 \U0001F600 cafe\u0301")]
    [InlineData("\U00010400\U0001E921 \uD801", "\U00010428\U0001E943 \uD801")]
    public void Scripts_are_lowered_as_in_Python(string text, string lower) => Assert.Equal(lower, LowerCase.Of(text));
}
