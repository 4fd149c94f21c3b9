using KerasCompat.Containers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text;

public sealed partial class Tokenizer
{
    /// <summary>Reads a tokenizer file, told by its content: <c>to_json()</c>, a pickle, or a word index alone as JSON or pickle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">For a word index: how texts were split and indices limited. For JSON: only the generation counts. A pickle tells all itself.</param>
    /// <param name="limits">What the file may make the reader allocate.</param>
    /// <exception cref="ModelFormatException">The file holds no tokenizer.</exception>
    /// <exception cref="UnsupportedModelException">A pickle names functions or classes beyond plain data.</exception>
    /// <exception cref="ResourceLimitException">The file is larger than the limits allow.</exception>
    public static Tokenizer Load(string path, TokenizerOptions? options = null, ReadLimits? limits = null)
    {
        limits ??= ReadLimits.Default;
        options ??= new TokenizerOptions();
        byte[] bytes = SmallFile.Read(path, limits);
        if (Pickle.Looks(bytes))
        {
            return FromPickled(Pickle.Read(bytes, path, limits), path, options);
        }

        JObject json = JsonText.AsObject(JsonText.Parse(bytes, path, limits), path);
        return json.ContainsKey("class_name")
            ? TokenizerJson.Read(json, path, options.Generation, limits)
            : FromWordIndex(KerasCompat.Text.WordIndex.Read(json, path), options);
    }

    /// <summary>Reads a pickled tokenizer (<c>tokenizer.pickle</c>, <c>.pkl</c>); nothing in it is run. Its attributes tell the generation.</summary>
    /// <exception cref="ModelFormatException">The pickle is damaged or holds no tokenizer.</exception>
    /// <exception cref="UnsupportedModelException">It names functions or classes beyond plain data; all of them are told.</exception>
    /// <exception cref="ResourceLimitException">It is larger than the limits allow.</exception>
    public static Tokenizer FromPickle(ReadOnlySpan<byte> pickle, ReadLimits? limits = null) =>
        FromPickled(Pickle.Read(pickle, "pickle", limits), "pickle", null);

    /// <summary>A tokenizer with a given word index and no counts.</summary>
    /// <param name="wordIndex">The words with their indices.</param>
    /// <param name="options">How texts are split and indices limited.</param>
    public static Tokenizer FromWordIndex(IEnumerable<KeyValuePair<string, int>> wordIndex, TokenizerOptions? options = null) =>
        Restore(options ?? new TokenizerOptions(), new TokenizerState { WordIndex = [.. wordIndex] });

    private static Tokenizer FromPickled(object? value, string place, TokenizerOptions? options) => value switch
    {
        Tokenizer tokenizer => tokenizer,
        OrderedDictionary<object, object?> words when options is not null => FromWordIndex(KerasCompat.Text.WordIndex.Read(words, place), options),
        _ => throw new ModelFormatException(place, "a pickle of something else", "a Tokenizer", "Pickle.Read gives whatever it holds"),
    };
}
