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
    private readonly Func<GraphBuilder, IReadOnlyList<Value>, Value> _function;

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

    protected override Structure Call(LayerCall call) => new KerasTensor(_function(call.Graph, [.. call.Inputs.Select(t => t.Value)]));

    private static Func<GraphBuilder, IReadOnlyList<Value>, Value> Bind(LayerConfig config)
    {
        JToken? function = config.Token("function");
        if (config.Factory.Options.Lambdas.TryGetValue(config.Name, out Func<GraphBuilder, Value, Value>? bound))
        {
            return (g, inputs) => bound(g, inputs[0]);
        }

        if (NameOf(function) is { } name && ActivationFunction.Names.Contains(name) && !(config.Token("arguments") is JObject { Count: > 0 }))
        {
            ActivationFunction activation = ActivationFunction.Read(config, "function");
            return (g, inputs) => activation.Apply(g, inputs[0]);
        }

        throw new UnsupportedModelException(
            config.Place,
            $"Lambda layer \"{config.Name}\" with {PythonFunction.Describe(function)}",
            "a layer whose computation the file describes",
            $"a file's code is never run; bind the function: LoadOptions.Lambdas[\"{config.Name}\"] = (g, x) => …");
    }

    private static string? NameOf(JToken? function) => function switch
    {
        JValue { Value: string name } => name,
        JObject wrapped when wrapped["config"] is JValue { Value: string name } => name,
        _ => null,
    };
}
