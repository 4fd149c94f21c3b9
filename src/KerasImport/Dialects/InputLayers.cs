using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Input layers: their config in one form, and those that a Sequential model only implies.</summary>
internal static class InputLayers
{
    private static readonly string[] ShapeKeys = ["batch_shape", "batch_input_shape"];

    private static readonly HashSet<string> TakesText = ["TextVectorization", "StringLookup"];

    private static readonly HashSet<string> TakesIndices = ["Embedding"];

    /// <summary>Rewrites the config of an <c>InputLayer</c>.</summary>
    public static void Rewrite(LayerDraft draft)
    {
        JObject config = draft.Config;
        JObject canonical = Config(draft.Name, ShapeOf(config) ?? JValue.CreateNull(), config["dtype"] ?? config["input_dtype"] ?? "float32");
        foreach (string flag in new[] { "sparse", "ragged", "optional" })
        {
            canonical[flag] = config.Flag(flag) ?? false;
        }

        if (draft.Generation.Is(Era.Keras3, 3, 5))
        {
            canonical["dtype_rule"] = "last_consumer";
        }

        config.ReplaceAll(canonical.Properties().ToArray<object>());
    }

    /// <summary>The input layer that a Sequential model implies; null where it does not know its input's shape.</summary>
    /// <param name="model">The model as written.</param>
    /// <param name="first">Its first layer as written.</param>
    /// <param name="context">What is known about the file.</param>
    public static JObject? Of(JObject model, JObject first, DialectContext context)
    {
        string name = NameFor(first);
        if (ImpliedBy(first, context) is { } implied)
        {
            return Object(name, implied.Shape, implied.DType);
        }

        JToken? built = (model["config"] as JObject)?["build_input_shape"] ?? (model["build_config"] as JObject)?["input_shape"];
        if (built is JArray { Count: > 0 } shape && ValueForms.Sizes(shape) is JArray sizes && sizes.All(dim => dim.Type is JTokenType.Integer or JTokenType.Null))
        {
            return Object(name, sizes, DTypeByClass(first));
        }

        // A TextVectorization works before anything was called: it takes texts, one for each row.
        return first.Text("class_name") == "TextVectorization" ? Object(name, new JArray(JValue.CreateNull()), "string") : null;
    }

    /// <summary>A canonical model with the input shape that the caller gives: a Sequential without one gets its input layer.</summary>
    /// <param name="root">The model; it is not changed.</param>
    /// <param name="shape">The sizes of the axes after the batch; null where open.</param>
    /// <param name="place">What error messages call the file.</param>
    /// <exception cref="ModelFormatException">The model has an input already and it is another, or the shape is none.</exception>
    public static JObject Given(JObject root, IReadOnlyList<int?> shape, string place)
    {
        var batchShape = new JArray(shape.Select(size => size is { } known ? new JValue((long)known) : JValue.CreateNull()).Prepend(JValue.CreateNull()));
        string given = ShapeText(batchShape);
        if (shape.Any(size => size < 1))
        {
            throw new ModelFormatException("LoadOptions.InputShape", given, "sizes of at least 1, null where open");
        }

        if (root.Text("class_name") != "Sequential" || root["config"]?["layers"] is not JArray { First: JObject first })
        {
            throw new ModelFormatException($"{place}, LoadOptions.InputShape", $"{given} for a model that is no Sequential", "a Sequential without input shape", "leave it out: the file has the model's inputs");
        }

        if (first.Text("class_name") == "InputLayer")
        {
            string written = first["config"]?["batch_shape"] is JArray { Count: > 0 } own ? ShapeText(new JArray(own.Skip(1).Prepend(JValue.CreateNull()))) : "nothing";
            return written == given ? root : throw new ModelFormatException($"{place}, LoadOptions.InputShape", given, $"{written}, as the file says", "leave it out");
        }

        var copy = (JObject)root.DeepClone();
        ((JArray)copy["config"]!["layers"]!).Insert(0, Object(NameFor(first), batchShape, DTypeByClass(first)));
        return copy;
    }

    private static string ShapeText(JArray shape) => $"({string.Join(", ", shape.Select(size => size.Type == JTokenType.Null ? "None" : size.ToString(Newtonsoft.Json.Formatting.None)))})";

    private static string NameFor(JObject first) => $"{Rewriting.NameOf(first) ?? SnakeCase.Of(first.Text("class_name") ?? "input")}_input";

    private static JObject Object(string name, JToken shape, JToken dtype) => new()
    {
        ["kind"] = "layer",
        ["class_name"] = "InputLayer",
        ["name"] = name,
        ["config"] = Config(name, shape, dtype),
    };

    private static JObject Config(string name, JToken shape, JToken dtype) => new()
    {
        ["name"] = name,
        ["batch_shape"] = shape,
        ["dtype"] = DTypePolicies.OfInput(DTypePolicies.Canonical(dtype)),
        ["sparse"] = false,
        ["ragged"] = false,
        ["optional"] = false,
    };

    /// <summary>What the first layer says of its input, looking into models and Bidirectional.</summary>
    private static (JToken Shape, JToken DType)? ImpliedBy(JObject entry, DialectContext context)
    {
        JToken? config = entry["config"];
        if ((config as JArray ?? (config as JObject)?["layers"] as JArray) is { } layers && InnerInput(entry, layers) is { } inner)
        {
            return ImpliedBy(Keras0Entries.WithClassName(inner), context);
        }

        if (config is not JObject own)
        {
            return null;
        }

        if ((ShapeOf(own) ?? Keras1InputDimensions.ShapeOf(entry.Text("class_name"), own, context.Generation.Era)) is { } shape)
        {
            return (shape, own["input_dtype"] ?? own["dtype"] ?? "float32");
        }

        return entry.Text("class_name") == "Bidirectional" && own["layer"] is JObject wrapped ? ImpliedBy(wrapped, context) : null;
    }

    private static JObject? InnerInput(JObject model, JArray layers)
    {
        if (model["config"] is JObject config && config["input_layers"] is { } inputs)
        {
            string? name = (inputs as JContainer)?.DescendantsAndSelf().OfType<JValue>().Select(value => value.Value).OfType<string>().FirstOrDefault();
            return layers.OfType<JObject>().FirstOrDefault(layer => Rewriting.NameOf(layer) == name);
        }

        return layers.First as JObject;
    }

    private static JToken? ShapeOf(JObject config)
    {
        foreach (string key in ShapeKeys)
        {
            if (!config[key].IsNull())
            {
                return ValueForms.Sizes(config[key]!);
            }
        }

        return config["input_shape"] is JArray shape ? new JArray(ValueForms.Sizes(shape).Prepend(JValue.CreateNull())) : null;
    }

    private static JToken DTypeByClass(JObject first)
    {
        string className = first.Text("class_name") ?? string.Empty;
        return className == "Sequential" && (first["config"] as JObject)?["layers"] is JArray { First: JObject inner } ? DTypeByClass(inner)
            : TakesText.Contains(className) ? "string"
            : TakesIndices.Contains(className) ? "int32"
            : (first["config"] as JObject)?["dtype"] is { } dtype ? ValueForms.Clean(dtype) : "float32";
    }
}
