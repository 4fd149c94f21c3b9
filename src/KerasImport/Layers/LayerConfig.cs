using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>A layer's canonical config. It notes which keys were read: one that nobody read fails the load unless its value is neutral.</summary>
public sealed class LayerConfig
{
    /// <summary>Keys of any layer that inference never reads.</summary>
    private static readonly string[] Noise =
    [
        "name", "trainable", "dtype", "seed", "noise_shape", "activity_regularizer", "batch_size", "dynamic", "build_input_shape",
        "kernel_regularizer", "bias_regularizer", "kernel_constraint", "bias_constraint",
        "recurrent_regularizer", "recurrent_constraint", "embeddings_regularizer", "embeddings_constraint",
        "beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint", "depthwise_regularizer", "depthwise_constraint",
        "pointwise_regularizer", "pointwise_constraint", "alpha_regularizer", "alpha_constraint", "lora_rank", "lora_alpha", "autocast",
    ];

    /// <summary>What to do about a value that Keras cannot have written.</summary>
    internal const string Mend = "mend the config, or save the model again";

    private readonly JObject _config;
    private readonly HashSet<string> _read;
    private readonly List<Problem> _problems;

    internal LayerConfig(JObject layer, string place, LayerFactory factory)
    {
        _read = new HashSet<string>(Noise, StringComparer.Ordinal);
        _problems = [];
        Json = layer;
        ClassName = (string?)layer["class_name"] ?? throw new ModelFormatException(place, "no class_name", "a layer's class_name");
        RegisteredName = (string?)layer["registered_name"] ?? ClassName;
        _config = layer["config"] as JObject ?? [];
        Name = (string?)layer["name"] ?? (string?)_config["name"] ?? ClassName;
        Place = $"{place} \"{Name}\" ({ClassName})";
        Factory = factory;
        Trainable = (bool?)_config["trainable"] ?? true;
        if (DTypePolicy.Parse(_config["dtype"]) is { } policy)
        {
            Policy = policy;
        }
        else
        {
            Policy = DTypePolicy.Float32;
            Unsupported("dtype", "a known dtype policy", "save the model with a policy of float32, float16, bfloat16, float64, mixed_float16 or mixed_bfloat16, or quantized to int8, int4 or float8");
        }
    }

    private LayerConfig(LayerConfig outer, string className, string name)
    {
        Json = outer.Json;
        _config = outer._config;
        _read = outer._read;
        _problems = outer._problems;
        ClassName = RegisteredName = className;
        Name = name;
        Place = outer.Place;
        Policy = outer.Policy;
        Trainable = outer.Trainable;
        Factory = outer.Factory;
    }

    /// <summary>The canonical layer object.</summary>
    public JObject Json { get; }

    /// <summary>Puts into the canonical config what the file kept apart from it (a vocabulary), so that the config alone says it all.</summary>
    internal void Keep(string key, JToken value) => _config[key] = value;

    /// <summary>Keras's class name.</summary>
    public string ClassName { get; }

    /// <summary>The registered name of a custom class, else the class name.</summary>
    public string RegisteredName { get; }

    /// <summary>The instance's name.</summary>
    public string Name { get; }

    /// <summary>Where the layer stands, for messages: <c>layers[3] "conv1" (Conv2D)</c>.</summary>
    public string Place { get; }

    /// <summary>The types the layer computes in and keeps its variables in.</summary>
    public DTypePolicy Policy { get; }

    /// <summary>Whether training changes the layer.</summary>
    public bool Trainable { get; }

    internal LayerFactory Factory { get; }

    /// <summary>What this layer cannot honour.</summary>
    internal IReadOnlyList<Problem> Problems => _problems;

    /// <summary>The keys that nobody read and whose value may mean something.</summary>
    internal IEnumerable<Problem> UnknownKeys => _config.Properties()
        .Where(p => !_read.Contains(p.Name) && !p.Name.EndsWith("_initializer", StringComparison.Ordinal) && !IsNeutral(p.Value))
        .Select(p => new Problem($"{Place}.{p.Name}", Text(p.Value), "no such key", "this key is not known; if it does not change numbers, load with LoadOptions.Mode = Lenient"));

    /// <summary>This config as that of an inner layer that has none of its own: the cell of an LSTM.</summary>
    /// <param name="className">The inner layer's class.</param>
    /// <param name="name">The inner layer's name.</param>
    public LayerConfig For(string className, string name) => new(this, className, name);

    /// <summary>True where the key is present and not null.</summary>
    public bool Has(string key) => Token(key) is not null;

    /// <summary>The key's value; null where it is absent or null.</summary>
    public JToken? Token(string key)
    {
        _read.Add(key);
        return _config[key] is { Type: not JTokenType.Null } token ? token : null;
    }

    /// <summary>A required integer.</summary>
    /// <exception cref="ModelFormatException">It is absent or no integer.</exception>
    public int Int(string key) => IntOrNull(key) ?? throw Missing(key, "an integer");

    /// <summary>An integer with a default.</summary>
    public int Int(string key, int fallback) => IntOrNull(key) ?? fallback;

    /// <summary>An integer, or null.</summary>
    public int? IntOrNull(string key) => Token(key) switch
    {
        null => null,
        JValue { Value: long value } => checked((int)value),
        JValue { Value: double value } when value == Math.Floor(value) => checked((int)value),
        JArray { Count: 1 } list when list[0] is JValue { Value: long value } => checked((int)value),
        var other => throw Wrong(key, other, "an integer"),
    };

    /// <summary>A required number.</summary>
    /// <exception cref="ModelFormatException">It is absent or no number.</exception>
    public double Double(string key) => DoubleOrNull(key) ?? throw Missing(key, "a number");

    /// <summary>A number with a default.</summary>
    public double Double(string key, double fallback) => DoubleOrNull(key) ?? fallback;

    /// <summary>A number, or null.</summary>
    public double? DoubleOrNull(string key) => Token(key) switch
    {
        null => null,
        JValue { Value: long value } => value,
        JValue { Value: double value } => value,
        var other => throw Wrong(key, other, "a number"),
    };

    /// <summary>A flag with a default.</summary>
    public bool Bool(string key, bool fallback) => Token(key) switch
    {
        null => fallback,
        JValue { Value: bool value } => value,
        JValue { Value: long value } => value != 0,
        var other => throw Wrong(key, other, "true or false"),
    };

    /// <summary>A text with a default.</summary>
    public string String(string key, string fallback) => StringOrNull(key) ?? fallback;

    /// <summary>A text, or null.</summary>
    public string? StringOrNull(string key) => Token(key) switch
    {
        null => null,
        JValue { Value: string value } => value,
        var other => throw Wrong(key, other, "a text"),
    };

    /// <summary>A required text out of a few.</summary>
    /// <exception cref="ModelFormatException">It is another.</exception>
    public string OneOf(string key, string fallback, params ReadOnlySpan<string> allowed)
    {
        string value = String(key, fallback);
        return allowed.Contains(value) ? value : throw Wrong(key, value, $"one of {string.Join(", ", allowed.ToArray())}");
    }

    /// <summary>Integers, one for each of <paramref name="count"/> axes; a single integer stands for all.</summary>
    public int[] Ints(string key, int count, int? fallback = null)
    {
        int[] values = Token(key) switch
        {
            null when fallback is { } f => [f],
            null => throw Missing(key, "an integer or a list"),
            JValue { Value: long value } => [checked((int)value)],
            JArray list when list.All(i => i is JValue { Value: long }) => [.. list.Select(i => (int)i)],
            var other => throw Wrong(key, other, "an integer or a list of integers"),
        };
        return values.Length == count ? values
            : values.Length == 1 ? [.. Enumerable.Repeat(values[0], count)]
            : throw Wrong(key, Token(key)!, $"{count} integers");
    }

    /// <summary>True for <c>channels_first</c>.</summary>
    public bool ChannelsFirst() => OneOf("data_format", "channels_last", "channels_last", "channels_first") == "channels_first";

    /// <summary>The layer under a key.</summary>
    /// <exception cref="ModelFormatException">There is none.</exception>
    public Layer Layer(string key) => Token(key) is JObject layer
        ? Factory.Create(layer, $"{Place}.{key}")
        : throw Missing(key, "a layer");

    /// <summary>The layers under a key.</summary>
    public IReadOnlyList<Layer> Layers(string key) => Token(key) is JArray list
        ? [.. list.Select((l, i) => Factory.Create((JObject)l, $"{Place}.{key}[{i}]"))]
        : throw Missing(key, "a list of layers");

    /// <summary>Writes what a layer has learnt, so that the canonical config goes on to say all there is to say.</summary>
    internal void Set(string key, JToken value)
    {
        _read.Add(key);
        _config[key] = value;
    }

    /// <summary>Notes keys that do not change what inference computes.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>Notes a value that this layer cannot honour; the load fails after all such things were found.</summary>
    public void Unsupported(string key, string expected, string remedy, string? since = null)
    {
        _read.Add(key);
        _problems.Add(new Problem($"{Place}.{key}", Text(_config[key] ?? JValue.CreateNull()), expected, remedy, since));
    }

    /// <summary>Refuses a number that asks for a larger table than the limits allow, before the table is made.</summary>
    /// <param name="key">The number's key.</param>
    /// <param name="sizes">The table's sizes; its elements take 8 bytes.</param>
    /// <exception cref="ResourceLimitException">It is too large.</exception>
    public void Afford(string key, params ReadOnlySpan<long> sizes)
    {
        double bytes = 8;
        foreach (long size in sizes)
        {
            bytes *= size;
        }

        long limit = Math.Min(Factory.Options.Limits.MaxArrayBytes, 8L * Array.MaxLength);
        if (bytes > limit)
        {
            throw new ResourceLimitException(
                $"{Place}.{key}", $"a size that asks for a table of ({string.Join(", ", sizes.ToArray())}) numbers", $"at most {limit} bytes", "raise LoadOptions.Limits if the model is yours");
        }
    }

    /// <summary>The exception for a value that makes no sense.</summary>
    public ModelFormatException Wrong(string key, object found, string expected) =>
        new($"{Place}.{key}", found is JToken token ? Text(token) : found.ToString()!, expected, Mend);

    private ModelFormatException Missing(string key, string expected) => new($"{Place}.{key}", "nothing", expected, Mend);

    private static bool IsNeutral(JToken value) => value is JValue { Value: null or false } or JContainer { Count: 0 };

    private static string Text(JToken token)
    {
        string text = token.ToString(Newtonsoft.Json.Formatting.None);
        return text.Length <= 120 ? text : text[..117] + "...";
    }
}
