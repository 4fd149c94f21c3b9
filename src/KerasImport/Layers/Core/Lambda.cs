using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>A function of the model's author. Code in a file is never run: bind the function, or the load is refused.</summary>
/// <remarks>
/// Config: <c>function</c>, <c>arguments</c>, <c>mask</c>, <c>output_shape</c>. Weights: none. A function that is a Keras activation,
/// saved by name, needs no binding. The mask is dropped, as in Keras where the layer gives none.
/// </remarks>
internal sealed class Lambda : Layer
{
    private readonly Func<LayerCall, IReadOnlyList<Value>> _function;

    public Lambda(LayerConfig config)
        : base(config)
    {
        config.Ignore("output_shape", "arguments");
        _function = Bind(config);
        if (config.Has("mask"))
        {
            config.Unsupported("mask", "no mask function", "bind the layer as LoadOptions.CustomLayers[\"Lambda\"] to compute its mask");
        }
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => _function(call) is var outputs && outputs.Count == 1
        ? new KerasTensor(outputs[0])
        : Structure.Of(outputs.Select(o => new KerasTensor(o)));

    private static Func<LayerCall, IReadOnlyList<Value>> Bind(LayerConfig config)
    {
        LoadOptions options = config.Factory.Options;
        JToken? function = config.Token("function");
        if (options.MultiInputLambdas.TryGetValue(config.Name, out Func<GraphBuilder, IReadOnlyList<Value>, IReadOnlyList<Value>>? several))
        {
            return call => several(call.Graph, [.. call.Inputs.Select(t => t.Value)]);
        }

        if (options.Lambdas.TryGetValue(config.Name, out Func<GraphBuilder, Value, Value>? bound)
            || NamesOf(function).Any(n => options.Functions.TryGetValue(n, out bound)))
        {
            return call => call.Inputs is [var only]
                ? [bound!(call.Graph, only.Value)]
                : throw new UnsupportedModelException(
                    config.Place, $"a call on {call.Inputs.Count} tensors", "a single one", $"bind a function of several: LoadOptions.MultiInputLambdas[\"{config.Name}\"] = (g, x) => …");
        }

        if (NamesOf(function).FirstOrDefault() is { } name && ActivationFunction.Names.Contains(name) && !(config.Token("arguments") is JObject { Count: > 0 }))
        {
            ActivationFunction activation = ActivationFunction.Read(config, "function");
            return call => [activation.Apply(call.Graph, call.Input.Value)];
        }

        throw new UnsupportedModelException(
            config.Place,
            $"Lambda layer \"{config.Name}\" with {PythonFunction.Describe(function)}",
            "a layer whose computation the file describes",
            $"a file's code is never run; bind the function: LoadOptions.Lambdas[\"{config.Name}\"] = (g, x) => …");
    }

    /// <summary>The names of a function that is saved by name: as registered, and without its package.</summary>
    private static string[] NamesOf(JToken? function) =>
        ((function as JObject)?["config"] ?? function) is JValue { Value: string name } ? [name, name[(name.LastIndexOf('>') + 1)..]] : [];
}
