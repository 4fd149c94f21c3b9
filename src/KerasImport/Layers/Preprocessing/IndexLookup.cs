using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The index of each token in a vocabulary, or the token of each index.</summary>
/// <remarks>
/// Indices: the mask token has 0, if there is one and indices are given out; then come <c>num_oov_indices</c> indices for unknown
/// tokens, then the vocabulary in its order. Config: <c>vocabulary</c> (else in <c>vocabulary.txt</c>), <c>mask_token</c>,
/// <c>oov_token</c>, <c>num_oov_indices</c> (1; with more an unknown token's hash picks one; with 0 it is an error), <c>salt</c>,
/// <c>invert</c>, <c>output_mode</c> (int), <c>max_tokens</c> and <c>pad_to_max_tokens</c> (width of encoded outputs),
/// <c>output_dtype</c>. Weights: <c>idf_weights</c> (width), only with tf_idf. The mask is dropped.
/// Adapted, it takes the most frequent tokens, of equal count the greatest first, as many as <c>max_tokens</c> leaves room for;
/// the inverse document frequency of a token is <c>ln(1 + documents / (1 + documents with it))</c>.
/// </remarks>
/// <typeparam name="TKey">Text or int64.</typeparam>
internal abstract class IndexLookup<TKey> : Layer, IAssetLayer, IAdaptiveLayer, IVocabularyLayer
    where TKey : notnull
{
    private readonly CategoricalOutput _output;
    private readonly DType _type;
    private readonly int _unknownIndices;
    private readonly int? _width;
    private readonly int? _mostTokens;
    private readonly bool _hasGivenVocabulary;
    private readonly int? _storedSize;
    private readonly bool _invert;
    private readonly TKey[] _mask;
    private readonly TKey _unknown;
    private float[]? _givenIdf;
    private TKey[]? _tokens;
    private bool _idfHasSpecials;
    private Weight? _idf;

    protected IndexLookup(LayerConfig config, TKey unknown)
        : base(config)
    {
        _output = CategoricalOutput.Read(config, "int", "int", "one_hot", "multi_hot", "count", "tf_idf");
        _type = OutputType.Read(config, DType.Int64);
        _unknownIndices = config.Int("num_oov_indices", 1);
        config.Afford("num_oov_indices", _unknownIndices);
        _mostTokens = config.IntOrNull("max_tokens");
        _width = config.Bool("pad_to_max_tokens", false) ? config.Int("max_tokens") : null;
        config.Afford("max_tokens", _width ?? 0);
        _invert = config.Bool("invert", false);
        if (_invert && !_output.IsIndex)
        {
            throw config.Wrong("output_mode", $"{_output.Mode} beside invert", "int where indices are turned into tokens");
        }

        if (_mostTokens <= 1)
        {
            throw config.Wrong("max_tokens", $"{_mostTokens}", "null, or at least 2");
        }

        _mask = config.Token("mask_token") is { } mask ? [Parse(mask)] : [];
        _unknown = config.Token("oov_token") is { } token ? Parse(token) : unknown;
        Salt = HashSalt.Read(config);
        _givenIdf = config.Token("idf_weights") is JArray idf ? [.. idf.Select(v => (float)v)] : null;
        if (config.Token("vocabulary") is JArray { Count: > 0 } vocabulary)
        {
            SetTokens([.. vocabulary.Select(Parse)]);
            _hasGivenVocabulary = true;
            CheckTokens();
        }

        _storedSize = config.IntOrNull("vocabulary_size");
        config.Ignore("vocabulary_dtype", "encoding", "has_input_vocabulary", "oov_method");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected internal override RaggedRule RaggedRuleOf(int rank) => _output.IsIndex ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override bool Autocasts => false;

    /// <summary>The key of the hash of unknown tokens.</summary>
    protected (ulong First, ulong Second)? Salt { get; }

    private int FirstUnknown => _output.IsIndex ? _mask.Length : 0;

    private int FirstToken => FirstUnknown + _unknownIndices;

    /// <summary>The tokens before those of the vocabulary.</summary>
    private TKey[] Specials => [.. _mask.Take(FirstUnknown), .. Enumerable.Repeat(_unknown, _unknownIndices)];

    private int Depth => _width ?? (FirstToken + Tokens.Length);

    private TKey[] Tokens => _tokens ?? throw new ModelFormatException(
        Config.Place,
        "no vocabulary",
        $"a vocabulary in the config or in the asset {VocabularyFile.Name}",
        "HDF5 files do not hold an adapted vocabulary, nor do all SavedModels in a form that is read; save the model as .keras");

    public void LoadAssets(Func<string, byte[]?> read)
    {
        if (_tokens is null && read(VocabularyFile.Name) is { } file)
        {
            TKey[] vocabulary = [.. VocabularyFile.Read(file, _storedSize).Select(line => Parse(new JValue(line)))];
            SetTokens(vocabulary);
            Config.Keep("vocabulary", new JArray(vocabulary));
        }
    }

    /// <summary>The tokens and, with tf_idf, what their occurrences count.</summary>
    public object? State
    {
        get => _tokens is null ? null
            : _idf is { HasValue: true } ? new Vocabulary(_tokens, _idf.Value.As<float>().ToArray(), true)
            : new Vocabulary(_tokens, _givenIdf, _idfHasSpecials);
        set
        {
            (_tokens, _givenIdf, _idfHasSpecials) = value is Vocabulary v ? (v.Tokens, v.Idf, v.IdfHasSpecials) : (null, null, false);
            _idf = null;
            Config.Set("vocabulary", _tokens is null ? JValue.CreateNull() : new JArray(_idfHasSpecials ? [.. Specials, .. _tokens] : _tokens));
            Config.Set("idf_weights", _givenIdf is null ? JValue.CreateNull() : new JArray(_givenIdf.Take(FirstToken + _tokens!.Length)));
            Unbuild();
        }
    }

    public Tensor GetVocabulary() => Constant([.. Specials, .. Tokens]);

    /// <summary>Counts tokens, and with tf_idf the documents (rows) that have them.</summary>
    public object Learn(IEnumerable<Tensor> batches)
    {
        if (_hasGivenVocabulary)
        {
            throw Adapting.Given(this, "a vocabulary");
        }

        var counts = new Dictionary<TKey, long>();
        var documents = new Dictionary<TKey, long>();
        long rows = 0;
        foreach (Tensor batch in batches.Where(b => b.Length > 0))
        {
            // A vector is as many documents, as Keras takes it.
            int width = batch.Shape.Rank < 2 ? 1 : batch.Length / batch.Shape[0];
            rows += batch.Length / width;
            TKey[] keys = Keys(batch);
            foreach (TKey key in keys)
            {
                Count(counts, key);
            }

            for (int row = 0; _output.Mode == "tf_idf" && row < keys.Length / width; row++)
            {
                foreach (TKey key in keys.AsSpan(row * width, width).ToArray().Distinct())
                {
                    Count(documents, key);
                }
            }
        }

        if (rows == 0)
        {
            throw Adapting.Nothing(this);
        }

        IEnumerable<TKey> tokens = counts.Keys.Except([.. _mask, _unknown]).OrderByDescending(t => counts[t]).ThenByDescending(t => t, Order);
        TKey[] kept = [.. _mostTokens is { } most ? tokens.Take(Math.Max(most - FirstToken, 0)) : tokens];
        if (_output.Mode != "tf_idf" || kept.Length == 0)
        {
            return new Vocabulary(kept, null, false);
        }

        float[] idf = [.. kept.Select(t => (float)Math.Log(1 + (rows / (1.0 + documents[t]))))];
        return new Vocabulary(kept, [.. Enumerable.Repeat(Mean(idf), FirstToken), .. idf], true);

        static void Count(Dictionary<TKey, long> table, TKey key) => System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(table, key, out _)++;
    }

    /// <summary>The order in which Keras sorts tokens of equal count, ascending.</summary>
    protected abstract IComparer<TKey> Order { get; }

    /// <summary>The elements of a batch as keys.</summary>
    protected abstract TKey[] Keys(Tensor batch);

    /// <summary>A token of the config or the vocabulary file.</summary>
    protected abstract TKey Parse(JToken token);

    /// <summary>The input as keys.</summary>
    protected abstract Value Keys(GraphBuilder g, Value x);

    /// <summary>The index of each key.</summary>
    protected abstract Value Find(GraphBuilder g, Value keys, LookupTable<TKey> table, long? otherwise);

    /// <summary>One of <paramref name="buckets"/> for each key.</summary>
    protected abstract Value Bucket(GraphBuilder g, Value keys, int buckets);

    /// <summary>The tokens as a constant.</summary>
    protected abstract Tensor Constant(TKey[] tokens);

    protected override void Build(SymbolicShape input)
    {
        if (_output.Mode == "tf_idf")
        {
            _idf = AddWeight("idf_weights", [Depth], trainable: false, DType.Float32);
            if (_givenIdf is not null)
            {
                _idf.Value = Tensor.From(PaddedIdf(_givenIdf), Depth);
            }
        }
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        if (_invert)
        {
            return new KerasTensor(TokensOf(g, g.Cast(call.Input.Value, DType.Int64)));
        }

        Value keys = Keys(g, call.Input.Value);
        Value indices = IndicesOf(g, keys);
        if (_idf is null)
        {
            return new KerasTensor(_output.Encode(g, indices, _output.IsIndex ? 0 : Depth, _type));
        }

        return new KerasTensor(g.Mul(_output.Encode(g, indices, Depth, DType.Float32), g.Weight(_idf)));
    }

    private Value IndicesOf(GraphBuilder g, Value keys)
    {
        // An encoded mask token stands nowhere: an index beyond every place.
        long maskIndex = _output.IsIndex ? 0 : long.MaxValue;
        var table = new LookupTable<TKey>(
        [
            .. Tokens.Select((t, i) => KeyValuePair.Create(t, (long)FirstToken + i)),
            .. _mask.Select(m => KeyValuePair.Create(m, maskIndex)),
        ]);
        if (_unknownIndices <= 1)
        {
            return Find(g, keys, table, _unknownIndices == 1 ? FirstUnknown : null);
        }

        Value found = Find(g, keys, table, -1);
        return g.Where(g.Equal(found, -1), g.Add(Bucket(g, keys, _unknownIndices), FirstUnknown), found);
    }

    private Value TokensOf(GraphBuilder g, Value indices)
    {
        TKey[] all = [.. _mask, .. Enumerable.Repeat(_unknown, _unknownIndices), .. Tokens, _unknown];
        // The last place is for indices outside the vocabulary.
        Value inside = g.And(g.GreaterEqual(indices, 0), g.Less(indices, all.Length - 1));
        return g.Gather(g.Constant(Constant(all)), g.Where(inside, indices, g.Scalar(all.Length - 1, DType.Int64)));
    }

    /// <summary>Refuses what Keras refuses in a vocabulary that is given: a token twice, a special one in the midst.</summary>
    private void CheckTokens()
    {
        var seen = new HashSet<TKey>();
        foreach (TKey token in _tokens!)
        {
            if (!seen.Add(token))
            {
                throw Config.Wrong("vocabulary", $"\"{token}\" twice", "each token once");
            }

            if (_mask.Contains(token))
            {
                throw Config.Wrong("vocabulary", $"the mask token \"{token}\" among the others", $"no special tokens, or all at the beginning: {string.Join(", ", Specials.Select(s => $"\"{s}\""))}");
            }
        }

        if (_invert && seen.Contains(_unknown))
        {
            throw Config.Wrong("vocabulary", $"the token for unknown ones, \"{_unknown}\", among the others", "another oov_token, so that an index has one token");
        }

        if (FirstToken + _tokens.Length > _mostTokens)
        {
            throw Config.Wrong("vocabulary", $"{FirstToken + _tokens.Length} tokens with the special ones", $"at most max_tokens, {_mostTokens}");
        }
    }

    /// <summary>Takes the special tokens off the beginning of a vocabulary, if it begins with exactly these.</summary>
    private void SetTokens(TKey[] vocabulary)
    {
        TKey[] specials = Specials;
        _idfHasSpecials = vocabulary.Take(specials.Length).SequenceEqual(specials);
        _tokens = _idfHasSpecials ? vocabulary[specials.Length..] : vocabulary;
    }

    /// <summary>The mean to the last bit as TensorFlow takes it of a float32 vector: eight running sums, those added in halves, then the rest.</summary>
    private static float Mean(float[] values)
    {
        const int Lanes = 8;
        Span<float> sums = stackalloc float[Lanes];
        int whole = values.Length / Lanes * Lanes;
        for (int i = 0; i < whole; i++)
        {
            sums[i % Lanes] += values[i];
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        float rest = 0;
        foreach (float value in values.AsSpan(whole))
        {
            rest += value;
        }

        return (rest + sums[0]) / values.Length;
    }

    /// <summary>The weights of the special tokens are the mean of all where the config leaves them out; places to spare weigh 0.</summary>
    private float[] PaddedIdf(float[] given)
    {
        IEnumerable<float> specials = _idfHasSpecials ? [] : Enumerable.Repeat(given.Average(), FirstToken);
        float[] whole = [.. specials, .. given];
        return [.. whole, .. Enumerable.Repeat(0f, Math.Max(Depth - whole.Length, 0))];
    }

    private sealed record Vocabulary(TKey[] Tokens, float[]? Idf, bool IdfHasSpecials);
}
