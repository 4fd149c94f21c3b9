using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>An input of a model.</summary>
/// <remarks>
/// Config: <c>batch_shape</c> (null where open), <c>dtype</c>, <c>dtype_rule</c>, <c>ragged</c> (rows of different lengths along axis 1). Weights: none.
/// Floating inputs are cast to its type. Before Keras 3.5 a layer that was called on the input of a functional model made its own type that of the
/// input (<c>dtype_rule</c> is <c>last_consumer</c>): a float16 input of a float32 layer was not rounded.
/// </remarks>
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

        TakesConsumerType = config.OneOf("dtype_rule", "own", "own", "last_consumer") == "last_consumer";
        Type = Policy.Compute;
        _ragged = config.Bool("ragged", false);
        if (_ragged && (BatchShape.Count < 2 || BatchShape[1] is not null || BatchShape.Skip(2).Contains(null)))
        {
            config.Unsupported("ragged", "rows of different lengths along axis 1 alone", "give the other axes fixed sizes: Input((None, 8), ragged=True)");
        }
    }

    /// <summary>The sizes of the axes, batch first; null where a call decides.</summary>
    public IReadOnlyList<int?> BatchShape => [.. _batchShape.Select(d => d is JValue { Value: long size } ? (int?)size : null)];

    /// <summary>Whether a layer that is called on the input makes its compute type that of the input.</summary>
    public bool TakesConsumerType { get; }

    /// <summary>The type of the input.</summary>
    public DType Type { get; set; }

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected override bool Autocasts => false;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Computes;

    /// <summary>Adds the model's input: the batch axis is the symbol <c>batch</c>, other open axes get symbols of their own.</summary>
    /// <remarks>A ragged input is two: the padded rows, and their lengths under the name that <see cref="RaggedTensor.LengthsOf"/> gives.</remarks>
    public KerasTensor Declare(GraphBuilder graph)
    {
        var dims = BatchShape.Select((d, axis) => d is { } size ? Dim.Constant(size)
            : axis == 0 ? Dim.Symbol("batch")
            : graph.FreshSymbol(axis == 1 ? "time" : $"axis{axis}"));
        Value rows = graph.Input(Name, Type, new SymbolicShape(dims));
        return new KerasTensor(rows, Lengths: _ragged ? graph.Input(RaggedTensor.LengthsOf(Name), DType.Int64, new SymbolicShape(rows.Shape[0])) : null);
    }

    protected override Structure Call(LayerCall call) =>
        call.Input.Value.DType.IsFloating() ? call.Input with { Value = call.Graph.Cast(call.Input.Value, Type) } : call.Input;
}
