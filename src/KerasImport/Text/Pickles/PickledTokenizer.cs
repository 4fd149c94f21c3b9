using System.Numerics;

namespace KerasCompat.Text;

/// <summary>Turns the attributes of a pickled Tokenizer into a <see cref="Tokenizer"/>.</summary>
internal sealed class PickledTokenizer(OrderedDictionary<object, object?> attributes, string place)
{
    private static readonly HashSet<string> Names =
    [
        "num_words", "nb_words", "filters", "lower", "split", "char_level", "oov_token", "analyzer", "document_count",
        "word_counts", "word_docs", "word_index", "index_word", "index_docs",
    ];

    public Tokenizer Read()
    {
        foreach (object key in attributes.Keys.Where(k => k is not string name || !Names.Contains(name)))
        {
            throw new ModelFormatException(place, $"the attribute {key}", $"one of {string.Join(", ", Names)}", "it is a changed Tokenizer; save it with to_json()");
        }

        if (attributes.GetValueOrDefault("analyzer") is { } analyzer)
        {
            throw Wrong("analyzer", analyzer, "None: a function cannot be read");
        }

        var index = Table("word_index", Text, Number);
        string? oov = Optional("oov_token", Text);
        return Tokenizer.Restore(
            new TokenizerOptions
            {
                NumWords = OptionalNumber("num_words") ?? OptionalNumber("nb_words"),
                Filters = Optional("filters", Characters) ?? TokenizerOptions.DefaultFilters,
                Lower = Flag("lower", true),
                Split = Optional("split", Text) ?? " ",
                CharLevel = Flag("char_level", false),
                OovToken = oov,
                Generation = GenerationOf(index, oov),
            },
            new TokenizerState
            {
                DocumentCount = OptionalNumber("document_count") ?? 0,
                WordCounts = Table("word_counts", Text, Number),
                WordDocs = Table("word_docs", Text, Number),
                IndexDocs = IndexDocs(),
                WordIndex = index,
                IndexWord = attributes.ContainsKey("index_word") ? Table("index_word", Number, Text) : null,
            });
    }

    /// <summary>Keras counts whatever <c>fit_on_sequences</c> is given, even the letters of texts, and later asks for indices alone.</summary>
    private List<KeyValuePair<int, int>> IndexDocs() =>
        [.. Table("index_docs", (_, key) => key, Number).Where(p => p.Key is not string).Select(p => KeyValuePair.Create(Number("index_docs", p.Key), p.Value))];

    /// <summary>Attributes tell the version: <c>oov_token</c> came with 2.1.3, <c>index_word</c> with the OOV token at 1.</summary>
    private TokenizerGeneration GenerationOf(IReadOnlyList<KeyValuePair<string, int>> index, string? oov) =>
        !attributes.ContainsKey("oov_token") ? TokenizerGeneration.Keras1
        : attributes.ContainsKey("index_word") || (oov is not null && index.Contains(KeyValuePair.Create(oov, 1))) ? TokenizerGeneration.Current
        : TokenizerGeneration.Keras21;

    private T? Optional<T>(string name, Func<string, object?, T> read)
        where T : class => attributes.GetValueOrDefault(name) is { } value ? read(name, value) : null;

    private int? OptionalNumber(string name) => attributes.GetValueOrDefault(name) is { } value ? Number(name, value) : null;

    private bool Flag(string name, bool absent) => attributes.GetValueOrDefault(name) switch
    {
        null => absent,
        bool flag => flag,
        long number => number != 0,
        var other => throw Wrong(name, other, "True or False"),
    };

    private List<KeyValuePair<TKey, TValue>> Table<TKey, TValue>(string name, Func<string, object?, TKey> key, Func<string, object?, TValue> value) => attributes.GetValueOrDefault(name) switch
    {
        null => [],
        OrderedDictionary<object, object?> pairs => [.. pairs.Select(p => KeyValuePair.Create(key(name, p.Key), value(name, p.Value)))],
        var other => throw Wrong(name, other, "a dictionary"),
    };

    private string Text(string name, object? value) => value as string ?? throw Wrong(name, value, "text");

    /// <summary>Filters may be a list of characters.</summary>
    private string Characters(string name, object? value) => value is IEnumerable<object?> list ? string.Concat(list.Select(c => Text(name, c))) : Text(name, value);

    private int Number(string name, object? value) => value is long number and >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong(name, value, "a whole number of 32 bits");

    private ModelFormatException Wrong(string name, object? value, string expected) => new($"{place}, Tokenizer.{name}", Describe(value), expected, "save it with to_json()");

    private static string Describe(object? value) => value switch
    {
        null => "None",
        string text => $"the text \"{(text.Length > 40 ? text[..40] + "…" : text)}\"",
        bool or long or double or BigInteger => $"the number {value}",
        OrderedDictionary<object, object?> => "a dictionary",
        _ => "another object",
    };
}
