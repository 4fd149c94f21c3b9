namespace KerasCompat.Text;

/// <summary>Keras's <c>Tokenizer</c>: words get indices by falling frequency, and texts become lists of indices.</summary>
/// <remarks>
/// <code>
/// var tokenizer = Tokenizer.FromJson(File.ReadAllText("tokenizer.json"));
/// int[][] sequences = tokenizer.TextsToSequences(["This is a text"]);     // [[1, 2, 3, 4]]
/// </code>
/// Index 0 stands for no word. Words of equal count keep the order in which they were first seen. A tokenizer is safe to
/// use from many threads as long as none fits it.
/// </remarks>
public sealed partial class Tokenizer
{
    private readonly OrderedDictionary<string, int> _wordCounts = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, int> _wordDocs = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<int, int> _indexDocs = [];
    private readonly OrderedDictionary<string, int> _wordIndex = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<int, string> _indexWord = [];

    /// <summary>The word index once more, for look-ups by span; the OOV token's entry beside it.</summary>
    private readonly Dictionary<string, int> _lookup = new(StringComparer.Ordinal);

    private readonly Lazy<WordSplitter> _splitter;

    /// <summary>A tokenizer that has seen no text.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public Tokenizer(TokenizerOptions? options = null)
    {
        Options = options ?? new TokenizerOptions();
        if (Options.Generation == TokenizerGeneration.Keras1 && Options.OovToken is not null)
        {
            throw new ArgumentException($"Keras 1 has no OOV token; found \"{Options.OovToken}\".", nameof(options));
        }

        _splitter = new Lazy<WordSplitter>(() => new WordSplitter(Options.Filters, Options.Lower, Options.Split, Options.Generation));
    }

    /// <summary>How texts are split and which indices are used.</summary>
    public TokenizerOptions Options { get; }

    /// <summary>Number of texts or sequences it was fitted on. Keras's <c>document_count</c>.</summary>
    public int DocumentCount { get; private set; }

    /// <summary>How often each word occurred, in the order of first occurrence.</summary>
    public IReadOnlyDictionary<string, int> WordCounts => _wordCounts;

    /// <summary>In how many documents each word occurred.</summary>
    public IReadOnlyDictionary<string, int> WordDocs => _wordDocs;

    /// <summary>The index of each word, from 1 up; <see cref="TokenizerOptions.NumWords"/> does not shorten it.</summary>
    public IReadOnlyDictionary<string, int> WordIndex => _wordIndex;

    /// <summary>The word of each index.</summary>
    public IReadOnlyDictionary<int, string> IndexWord => _indexWord;

    /// <summary>In how many documents the word of each index occurred.</summary>
    public IReadOnlyDictionary<int, int> IndexDocs => _indexDocs;

    /// <summary>The indices of each text's words: unknown and too rare words are dropped, or become the OOV token's index.</summary>
    /// <exception cref="InvalidOperationException">An unknown word would become the OOV token's index, and there is none before the first fit.</exception>
    public int[][] TextsToSequences(IEnumerable<string> texts) => [.. TextsToSequencesGenerator(texts)];

    /// <summary>The same for texts that are split already.</summary>
    /// <exception cref="InvalidOperationException">An unknown word would become the OOV token's index, and there is none before the first fit.</exception>
    public int[][] TextsToSequences(IEnumerable<IReadOnlyList<string>> texts) => [.. texts.Select(words => ToSequence(new TokenizerText(words)))];

    /// <summary>The indices of each text's words, text by text as they are asked for.</summary>
    /// <exception cref="InvalidOperationException">An unknown word would become the OOV token's index, and there is none before the first fit.</exception>
    public IEnumerable<int[]> TextsToSequencesGenerator(IEnumerable<string> texts) => texts.Select(text => ToSequence(new TokenizerText(text)));

    /// <summary>The words of each sequence with a space between them; indices without a word are dropped, or become the OOV token.</summary>
    public string[] SequencesToTexts(IEnumerable<IReadOnlyList<int>> sequences) => [.. SequencesToTextsGenerator(sequences)];

    /// <summary>The words of each sequence, sequence by sequence as they are asked for.</summary>
    public IEnumerable<string> SequencesToTextsGenerator(IEnumerable<IReadOnlyList<int>> sequences)
    {
        int? oov = OovIndex;
        foreach (IReadOnlyList<int> sequence in sequences)
        {
            var words = new List<string>(sequence.Count);
            foreach (int index in sequence)
            {
                bool known = _indexWord.TryGetValue(index, out string? word);
                if (known && IsUsed(index))
                {
                    words.Add(word!);
                }
                else if (oov is { } o)
                {
                    words.Add(_indexWord[o]);
                }
                else if (!known && Options.OovToken is not null)
                {
                    throw NeverFitted();
                }
            }

            yield return string.Join(' ', words);
        }
    }

    private WordSplitter Splitter => _splitter.Value;

    private int? OovIndex => Options.OovToken is { } token && _wordIndex.TryGetValue(token, out int index) ? index : null;

    private bool IsUsed(int index) => Options.NumWords is null or 0 || index < Options.NumWords;

    private int[] ToSequence(TokenizerText text)
    {
        var sink = new IndexSink(this, OovIndex);
        text.Split(Options, Splitter, ref sink);
        return sink.ToArray();
    }

    private InvalidOperationException NeverFitted() =>
        new($"The tokenizer has an OOV token, \"{Options.OovToken}\", but no index for it: fit it on texts first. Keras would write None.");

    /// <summary>Looks each word up and keeps its index.</summary>
    private struct IndexSink : IWordSink
    {
        private readonly Tokenizer _tokenizer;
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
        private readonly int? _oov;
        private readonly bool _rareIsOov;
        private int[] _indices = new int[16];
        private int _count;

        public IndexSink(Tokenizer tokenizer, int? oov)
        {
            _tokenizer = tokenizer;
            _lookup = tokenizer._lookup.GetAlternateLookup<ReadOnlySpan<char>>();
            _oov = oov;
            _rareIsOov = tokenizer.Options.Generation == TokenizerGeneration.Current;
        }

        public void Add(ReadOnlySpan<char> word)
        {
            if (!_lookup.TryGetValue(word, out int index))
            {
                if (_oov is { } oov)
                {
                    Append(oov);
                }
                else if (_tokenizer.Options.OovToken is not null)
                {
                    throw _tokenizer.NeverFitted();
                }
            }
            else if (_tokenizer.IsUsed(index))
            {
                Append(index);
            }
            else if (_rareIsOov && _oov is { } oov)
            {
                Append(oov);
            }
        }

        public readonly int[] ToArray() => _indices[.._count];

        private void Append(int index)
        {
            if (_count == _indices.Length)
            {
                Array.Resize(ref _indices, _count * 2);
            }

            _indices[_count++] = index;
        }
    }
}
