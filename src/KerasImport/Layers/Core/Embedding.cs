using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Looks up a row of the table for each index: <c>(batch, …)</c> → <c>(batch, …, output_dim)</c>. A gather.</summary>
/// <remarks>
/// Config: <c>input_dim</c>, <c>output_dim</c>, <c>mask_zero</c>. Weights: <c>embeddings</c> (input_dim, output_dim). Indices that
/// are not integers lose their fraction. With <c>mask_zero</c> it creates a mask that is true where the index is not 0.
/// </remarks>
internal sealed class Embedding : Layer
{
    private readonly int _inputDim;
    private readonly int _outputDim;
    private readonly bool _maskZero;
    private Weight? _embeddings;

    public Embedding(LayerConfig config)
        : base(config)
    {
        _inputDim = config.Int("input_dim");
        _outputDim = config.Int("output_dim");
        _maskZero = config.Bool("mask_zero", false);
        config.Ignore("input_length", "sparse", "dropout", "weights");
    }

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    // float16 cannot hold every index, so indices are taken as they come.
    protected override bool Autocasts => false;

    protected override void Build(CallArguments arguments) => _embeddings = AddWeight("embeddings", [_inputDim, _outputDim]);

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value indices = call.Input.Value;
        Value? mask = _maskZero ? g.NotEqual(indices, g.Scalar(0, indices.DType)) : null;
        Value rows = indices.DType is DType.Int32 or DType.Int64 ? indices : g.Cast(indices, DType.Int32);
        return new KerasTensor(g.Gather(call.Weight(_embeddings!), rows), mask);
    }
}
