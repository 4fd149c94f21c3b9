using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Looks up a row of the table for each index: <c>(batch, …)</c> → <c>(batch, …, output_dim)</c>. A gather.</summary>
/// <remarks>
/// Config: <c>input_dim</c>, <c>output_dim</c>, <c>mask_zero</c>, <c>quantization_config</c>. Weights: <c>embeddings</c> (input_dim,
/// output_dim); of a quantized layer see <see cref="QuantizedTable"/>. Indices that are not integers lose their fraction. With
/// <c>mask_zero</c> it creates a mask that is true where the index is not 0.
/// </remarks>
internal class Embedding : Layer
{
    private readonly bool _maskZero;
    private Weight? _embeddings;
    private QuantizedTable? _quantized;

    public Embedding(LayerConfig config)
        : base(config)
    {
        InputDim = config.Int("input_dim");
        OutputDim = config.Int("output_dim");
        _maskZero = config.Bool("mask_zero", false);
        Scheme = ReadScheme(config);
        config.Ignore("input_length", "sparse", "dropout", "weights");
    }

    protected internal sealed override MaskRule MaskRule => MaskRule.Computes;

    // tf.keras gives ragged indices a ragged mask, which no layer takes.
    protected internal override RaggedRule RaggedRuleOf(int rank) => _maskZero ? RaggedRule.Refuses : RaggedRule.Passes;

    // float16 cannot hold every index, so indices are taken as they come.
    protected override bool Autocasts => false;

    /// <summary>Number of rows.</summary>
    protected int InputDim { get; }

    /// <summary>Length of a row.</summary>
    protected int OutputDim { get; }

    /// <summary>How the table is stored in few bits, or null. Float8 leaves it as it is.</summary>
    protected QuantizationScheme? Scheme { get; }

    protected override void Build(CallArguments arguments)
    {
        if (Scheme is null)
        {
            _embeddings = AddWeight("embeddings", [InputDim, OutputDim]);
        }
        else
        {
            _quantized = new QuantizedTable(Scheme, InputDim, OutputDim, (name, shape, trainable, dtype) => AddWeight(name, shape, trainable, dtype));
        }
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value indices = call.Input.Value;
        Value? mask = _maskZero ? g.NotEqual(indices, g.Scalar(0, indices.DType)) : null;
        Value rows = indices.DType is DType.Int32 or DType.Int64 ? indices : g.Cast(indices, DType.Int32);
        return new KerasTensor(g.Gather(Table(call), rows), mask);
    }

    /// <summary>The block of each place of a row, where the table is quantized in blocks.</summary>
    protected Weight? TableBlock => _quantized?.Block;

    /// <summary>The table, dequantized where it is stored in few bits.</summary>
    protected Value Table(LayerCall call) => _quantized is null ? call.Weight(_embeddings!) : _quantized.Restore(call);

    private static QuantizationScheme? ReadScheme(LayerConfig config) =>
        QuantizationScheme.Read(config, roundsInt4Inputs: true) is { Mode: not "float8" } scheme ? scheme : null;
}
