using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>An input of a model.</summary>
/// <remarks>Config: <c>batch_shape</c> (null where open), <c>dtype</c>. Weights: none.</remarks>
internal sealed class InputLayer : Layer
{
    private readonly JArray _batchShape;

    public InputLayer(LayerConfig config)
        : base(config)
    {
        _batchShape = config.Token("batch_shape") as JArray ?? throw config.Wrong("batch_shape", "nothing", "the shape with the batch axis first");
        config.Ignore("optional");
        if (config.Bool("sparse", false))
        {
            config.Ignore("sparse");
        }

        if (config.Bool("ragged", false))
        {
            config.Unsupported("ragged", "false", "feed dense tensors: ragged inputs are not represented");
        }
    }

    /// <summary>The sizes of the axes, batch first; null where a call decides.</summary>
    public IReadOnlyList<int?> BatchShape => [.. _batchShape.Select(d => d is JValue { Value: long size } ? (int?)size : null)];

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    /// <summary>Adds the model's input: the batch axis is the symbol <c>batch</c>, other open axes get symbols of their own.</summary>
    public Value Declare(GraphBuilder graph)
    {
        var dims = BatchShape.Select((d, axis) => d is { } size ? Dim.Constant(size)
            : axis == 0 ? Dim.Symbol("batch")
            : graph.FreshSymbol(axis == 1 ? "time" : $"axis{axis}"));
        return graph.Input(Name, Policy.Compute, new SymbolicShape(dims));
    }

    protected override Structure Call(LayerCall call) => call.Input;
}
