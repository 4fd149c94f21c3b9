namespace KerasCompat.Text;

/// <summary>The constructor arguments of Keras's <c>Tokenizer</c>.</summary>
public sealed record TokenizerOptions
{
    /// <summary>Keras's default <c>filters</c>: ASCII punctuation without the apostrophe, tab and line feed.</summary>
    public const string DefaultFilters = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n";

    /// <summary>Only indices below this are used, that is the <c>NumWords - 1</c> most frequent words; all where it is null or 0. Keras 1: <c>nb_words</c>.</summary>
    public int? NumWords { get; init; }

    /// <summary>Characters that end a word.</summary>
    public string Filters { get; init; } = DefaultFilters;

    /// <summary>Whether texts are lower-cased, as Python does it.</summary>
    public bool Lower { get; init; } = true;

    /// <summary>The text that separates words.</summary>
    public string Split { get; init; } = " ";

    /// <summary>Whether every character (code point) is a token.</summary>
    public bool CharLevel { get; init; }

    /// <summary>Stands for words that have no index of their own; they are dropped where it is null.</summary>
    public string? OovToken { get; init; }

    /// <summary>Splits a text in place of <see cref="Filters"/>, <see cref="Lower"/> and <see cref="Split"/>. It is not saved.</summary>
    public Func<string, IEnumerable<string>>? Analyzer { get; init; }

    /// <summary>Whose numbers to give. Files tell no generation: state it for what Keras before 2.2.3 wrote.</summary>
    public TokenizerGeneration Generation { get; init; }
}
