using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>An input of a model.</summary>
/// <remarks>Config: <c>batch_shape</c> (null where open), <c>dtype</c>, <c>ragged</c> (rows of different lengths along axis 1). Weights: none.</remarks>
internal sealed class InputLayer : Layer
{
    private readonly JArray _batchShape;
    private readonly bool _ragged;

    public InputLayer(LayerConfig config)
        : base(config)
    {
        _batchShape = config.Token("batch_shape") as JArray ?? throw config.Wrong("batch_shape", "nothing", "the shape with the batch axis first");
        if (_batchShape.FirstOrDefault(d => d is not (JValue { Value: null } or JValue { Value: long and >= 0 and <= int.MaxValue })) is { } size)
        {
            throw config.Wrong("batch_shape", size, "sizes that are whole numbers, null where they are open");
        }

        config.Ignore("optional");
        if (config.Bool("sparse", false))
        {
            config.Ignore("sparse");
        }

        _ragged = config.Bool("ragged", false);
        if (_ragged && (BatchShape.Count < 2 || BatchShape[1] is not null || BatchShape.Skip(2).Contains(null)))
        {
            config.Unsupported("ragged", "rows of different lengths along axis 1 alone", "give the other axes fixed sizes: Input((None, 8), ragged=True)");
        }
    }

    /// <summary>The sizes of the axes, batch first; null where a call decides.</summary>
    public IReadOnlyList<int?> BatchShape => [.. _batchShape.Select(d => d is JValue { Value: long size } ? (int?)size : null)];

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Computes;

    /// <summary>Adds the model's input: the batch axis is the symbol <c>batch</c>, other open axes get symbols of their own.</summary>
    /// <remarks>A ragged input is two: the padded rows, and their lengths under the name that <see cref="RaggedTensor.LengthsOf"/> gives.</remarks>
    public KerasTensor Declare(GraphBuilder graph)
    {
        var dims = BatchShape.Select((d, axis) => d is { } size ? Dim.Constant(size)
            : axis == 0 ? Dim.Symbol("batch")
            : graph.FreshSymbol(axis == 1 ? "time" : $"axis{axis}"));
        Value rows = graph.Input(Name, Policy.Compute, new SymbolicShape(dims));
        return new KerasTensor(rows, Lengths: _ragged ? graph.Input(RaggedTensor.LengthsOf(Name), DType.Int64, new SymbolicShape(rows.Shape[0])) : null);
    }

    protected override Structure Call(LayerCall call) => call.Input;
}
