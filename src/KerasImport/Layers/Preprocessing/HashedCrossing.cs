using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A bin for each combination of two features: TensorFlow's hash of both modulo the number of bins.</summary>
/// <remarks>
/// Inputs <c>(batch)</c> or <c>(batch, 1)</c>, text or integers. Config: <c>num_bins</c>, <c>output_mode</c> (int; one_hot), <c>output_dtype</c>. Weights:
/// none. The mask is dropped.
/// </remarks>
internal sealed class HashedCrossing : Layer
{
    private readonly int _bins;
    private readonly CategoricalOutput _output;
    private readonly DType _type;

    public HashedCrossing(LayerConfig config)
        : base(config)
    {
        _bins = config.Int("num_bins");
        _output = CategoricalOutput.Read(config, "int", "int", "one_hot");
        _type = OutputType.Read(config, DType.Int64);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value[] features = [.. call.Inputs.Select(t => t.Value.DType == DType.String ? t.Value : g.Cast(t.Value, DType.Int64))];
        return new KerasTensor(_output.Encode(g, g.HashCross(features, _bins), _bins, _type));
    }
}
