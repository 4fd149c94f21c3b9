using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>An activation: a name of the table below, an activation layer as an object, or a function the caller bound.</summary>
internal sealed class ActivationFunction
{
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Table = new(StringComparer.Ordinal)
    {
        ["linear"] = (_, x) => x,
        ["relu"] = (g, x) => g.Relu(x),
    };

    private readonly Func<GraphBuilder, Value, Value> _apply;

    private ActivationFunction(string name, Func<GraphBuilder, Value, Value> apply)
    {
        Name = name;
        _apply = apply;
    }

    /// <summary>The canonical name, by which recurrent kernels choose their fast form.</summary>
    public string Name { get; }

    /// <summary>The names of all activations.</summary>
    public static IEnumerable<string> Names => Table.Keys;

    /// <summary>Reads an activation from a config.</summary>
    /// <exception cref="UnsupportedModelException">It is not known and not bound.</exception>
    public static ActivationFunction Read(LayerConfig config, string key, string fallback = "linear")
    {
        switch (config.Token(key))
        {
            case null:
                return new ActivationFunction(fallback, Table[fallback]);
            case JValue { Value: string name }:
                return Named(config, key, name);
            case JObject layer when (string?)layer["kind"] == "layer":
                Layer inner = config.Factory.Create(layer, $"{config.Place}.{key}");
                return new ActivationFunction(inner.ClassName, (g, x) => inner.Invoke(g, new KerasTensor(x)).Value);
            case JObject function when (string?)function["config"] is { } name:
                return Named(config, key, name);
            case var other:
                throw config.Wrong(key, other, "an activation");
        }
    }

    /// <summary>Applies the function.</summary>
    public Value Apply(GraphBuilder graph, Value x) => _apply(graph, x);

    private static ActivationFunction Named(LayerConfig config, string key, string name)
    {
        if (config.Factory.Options.Functions.TryGetValue(name, out Func<GraphBuilder, Value, Value>? bound) || Table.TryGetValue(name, out bound))
        {
            return new ActivationFunction(name, bound);
        }

        throw new UnsupportedModelException(
            $"{config.Place}.{key}", $"activation {name}", $"one of {string.Join(", ", Table.Keys)}", $"if it is a function of your own, bind it: LoadOptions.Functions[\"{name}\"] = (g, x) => …");
    }
}
