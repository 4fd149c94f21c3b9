namespace KerasCompat.Text;

/// <summary>What a fitted Tokenizer holds beside its options, in the order of the file it comes from.</summary>
internal sealed record TokenizerState
{
    public int DocumentCount { get; init; }

    public IReadOnlyList<KeyValuePair<string, int>> WordCounts { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, int>> WordDocs { get; init; } = [];

    public IReadOnlyList<KeyValuePair<int, int>> IndexDocs { get; init; } = [];

    public required IReadOnlyList<KeyValuePair<string, int>> WordIndex { get; init; }

    /// <summary>Null where the file has none (Keras before 2.2): the word index turned round.</summary>
    public IReadOnlyList<KeyValuePair<int, string>>? IndexWord { get; init; }
}
