namespace KerasCompat.Text;

/// <summary>A text given to a Tokenizer: whole, or split by the caller.</summary>
internal readonly struct TokenizerText
{
    private readonly string? _text;
    private readonly IReadOnlyList<string>? _words;

    public TokenizerText(string text) => _text = text ?? throw new ArgumentNullException(nameof(text), "A text is null.");

    public TokenizerText(IReadOnlyList<string> words) => _words = words ?? throw new ArgumentNullException(nameof(words), "A text is null.");

    /// <summary>Hands on the tokens: words of the caller are lower-cased only, characters are not filtered.</summary>
    public void Split<TSink>(TokenizerOptions options, WordSplitter splitter, ref TSink sink)
        where TSink : IWordSink
    {
        // Before Keras 2.2 the characters of a text and the words of a caller were taken as they stood.
        bool lower = options.Lower && options.Generation == TokenizerGeneration.Current;
        if (_words is not null)
        {
            foreach (string word in _words)
            {
                sink.Add(lower ? LowerCase.Of(word) : word);
            }
        }
        else if (options.CharLevel)
        {
            ReadOnlySpan<char> text = lower ? LowerCase.Of(_text!) : _text;
            for (int at = 0; at < text.Length;)
            {
                int start = at;
                CodePoints.Next(text, ref at);
                sink.Add(text[start..at]);
            }
        }
        else if (options.Analyzer is { } analyzer)
        {
            foreach (string word in analyzer(_text!))
            {
                sink.Add(word);
            }
        }
        else
        {
            splitter.Split(_text!, ref sink);
        }
    }
}
