using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Texts as indices of their tokens: standardised, split, joined to n-grams, looked up.</summary>
/// <remarks>
/// <c>(batch)</c> or <c>(batch, 1)</c> → <c>(batch, tokens)</c>, filled with 0 to <c>output_sequence_length</c> or to the longest text's
/// length; encoded <c>(batch, width)</c>. Config: <c>standardize</c> (lower_and_strip_punctuation; lower, strip_punctuation, null),
/// <c>split</c> (whitespace; character, null), <c>ngrams</c> (a width, meaning all up to it, or a list of widths), <c>output_mode</c>
/// (int), <c>output_sequence_length</c>, and the vocabulary's keys. The lookup is a <see cref="StringLookup"/> with mask token "" and
/// one index for unknown tokens: 0 fills, 1 is unknown, the vocabulary begins at 2 (encoded: unknown 0, then the vocabulary). With
/// <c>ragged</c>, and one-hot, the output is ragged: rows of as many tokens as each text has. The mask is
/// dropped. Adapted, the lookup learns the tokens of the texts; each text is a document.
/// </remarks>
internal sealed class TextVectorization : Layer, IAssetLayer, IAdaptiveLayer, IVocabularyLayer
{
    private static readonly string[] LookupKeys =
        ["max_tokens", "vocabulary", "idf_weights", "pad_to_max_tokens", "output_mode", "sparse", "encoding", "output_dtype", "vocabulary_size"];

    private static readonly string[] LearntKeys = ["vocabulary", "idf_weights"];

    private readonly string? _standardize;
    private readonly TextSplitMode _split;
    private readonly EquatableList<int> _ngrams;
    private readonly int? _length;
    private readonly bool _ragged;
    private readonly StringLookup _lookup;

    public TextVectorization(LayerConfig config)
        : base(config)
    {
        _standardize = Choice(config, "standardize", "lower_and_strip_punctuation", "lower", "strip_punctuation");
        _split = Choice(config, "split", "whitespace", "character") switch
        {
            "whitespace" => TextSplitMode.Whitespace,
            "character" => TextSplitMode.Character,
            _ => TextSplitMode.None,
        };
        _ngrams = config.Token("ngrams") switch
        {
            null => [],
            JValue { Value: long widest and >= 1 and <= int.MaxValue } => UpTo(config, (int)widest),
            JArray widths when widths.All(w => w.Type == JTokenType.Integer) => [.. widths.Select(w => (int)w)],
            var other => throw config.Wrong("ngrams", other, "a width or a list of widths"),
        };
        _length = config.IntOrNull("output_sequence_length");
        _ragged = config.Bool("ragged", false) || config.StringOrNull("output_mode") == "one_hot";
        _lookup = (StringLookup)config.Factory.Create(LookupLayer(config), config.Place);
        config.Ignore("invert", "oov_token", "has_input_vocabulary");
    }

    public override IReadOnlyList<Sublayer> Sublayers => [new Sublayer("_lookup_layer", _lookup)];

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override bool Autocasts => false;

    public void LoadAssets(Func<string, byte[]?> read)
    {
        _lookup.LoadAssets(name => read(name) ?? read($"_lookup_layer/{name}"));
        if (_lookup.Config.Json["config"]?["vocabulary"] is JArray vocabulary)
        {
            Config.Keep("vocabulary", vocabulary);
        }
    }

    public object? State
    {
        get => _lookup.State;
        set
        {
            _lookup.State = value;
            foreach (string key in LearntKeys)
            {
                Config.Set(key, _lookup.Config.Token(key)?.DeepClone() ?? JValue.CreateNull());
            }
        }
    }

    public Tensor GetVocabulary() => _lookup.GetVocabulary();

    public object Learn(IEnumerable<Tensor> batches) => _lookup.Learn(batches.Where(b => b.Length > 0).Select(batch =>
    {
        if (batch.DType != DType.String)
        {
            throw new ArgumentException($"{Config.Place}: the data to adapt to are {batch}; expected texts");
        }

        // As Keras takes it, a vector is as many texts.
        Tensor texts = batch.Shape.Rank == 1 ? batch.Reshape(new Shape([batch.Length, 1])) : batch;
        var g = new GraphBuilder();
        Value x = g.Input("texts", DType.String, new SymbolicShape(texts.Shape.Select(d => (Dim)d)));
        Value standardized = Standardized(g, x);
        Value tokens = _split == TextSplitMode.None && _ngrams.Count == 0 ? standardized : g.SplitText(Unwrapped(g, standardized), _split, _ngrams, null);
        return new Runtime.Cpu.CpuExecutable(g.Build([x], [tokens])).Run([texts])[0];
    }));

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value text = Unwrapped(g, Standardized(g, call.Input.Value));
        if (_split != TextSplitMode.None || _ngrams.Count > 0 || _length is not null)
        {
            // Without splitting a vector is one row of tokens.
            bool isRow = _split == TextSplitMode.None && text.Rank == 1;
            if (_ragged && !isRow && _split != TextSplitMode.None)
            {
                return Ragged(g, text);
            }

            text = g.SplitText(isRow ? g.ExpandDims(text, 0) : text, _split, _ngrams, _length);
            text = isRow ? g.Squeeze(text, 0) : text;
        }

        return _lookup.Invoke(g, new KerasTensor(text));
    }

    private static EquatableList<int> UpTo(LayerConfig config, int widest)
    {
        config.Afford("ngrams", widest);
        return [.. Enumerable.Range(1, widest)];
    }

    private Value Standardized(GraphBuilder g, Value text)
    {
        bool lower = _standardize is "lower" or "lower_and_strip_punctuation";
        bool strip = _standardize is "strip_punctuation" or "lower_and_strip_punctuation";
        return lower || strip ? g.StandardizeText(text, lower, strip) : text;
    }

    /// <summary>Texts that will be split without a last axis of 1.</summary>
    private Value Unwrapped(GraphBuilder g, Value text) => _split == TextSplitMode.None || text.Rank < 2 ? text
        : text.Shape[-1] == Dim.One ? g.Squeeze(text, -1)
        : throw new ArgumentException($"texts of shape {text.Shape}; expected a last axis of 1");

    /// <summary>The tokens' indices in rows as long as the texts, which <c>output_sequence_length</c> cuts and does not fill.</summary>
    private KerasTensor Ragged(GraphBuilder g, Value text)
    {
        Value tokens = g.SplitText(text, _split, _ngrams, length: null);
        tokens = _length is { } length ? g.Slice(tokens, 1, 0, length) : tokens;
        Value padding = g.LookupText(tokens, new LookupTable<string>([KeyValuePair.Create(string.Empty, 1L)]), 0);
        Value lengths = g.ReduceSum(g.Sub(g.Scalar(1, DType.Int64), padding), [1]);
        return _lookup.Invoke(g, new KerasTensor(tokens)) with { Lengths = lengths };
    }

    /// <summary>One of a few names; null where the config says null, the first where it says nothing.</summary>
    private static string? Choice(LayerConfig config, string key, params ReadOnlySpan<string> names)
    {
        JToken? token = config.Token(key);
        if (token is null)
        {
            return config.Json["config"]?[key] is null ? names[0] : null;
        }

        if (token is JValue { Value: string name } && names.Contains(name))
        {
            return name;
        }

        string known = string.Join(", ", names.ToArray());
        config.Unsupported(key, $"null or one of {known}", "a function of the author's is not run; apply it to the texts before the model");
        return null;
    }

    private static JObject LookupLayer(LayerConfig config)
    {
        var lookup = new JObject { ["mask_token"] = string.Empty, ["num_oov_indices"] = 1 };
        foreach (string key in LookupKeys)
        {
            if (config.Token(key) is { } token)
            {
                lookup[key] = token.DeepClone();
            }
        }

        return new JObject { ["kind"] = "layer", ["class_name"] = "StringLookup", ["name"] = "_lookup_layer", ["config"] = lookup };
    }
}
