using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Encodes integer categories along an axis of <c>num_tokens</c> places.</summary>
/// <remarks>
/// Config: <c>num_tokens</c>, <c>output_mode</c> (multi_hot; one_hot, count). Weights: none. With <c>count</c> the call takes
/// <c>count_weights</c>. The mask is dropped. A category out of range gives zeros, as in Keras 3; tf.keras refused it
/// (<c>out_of_range</c>).
/// </remarks>
internal sealed class CategoryEncoding : Layer
{
    private readonly int _count;
    private readonly CategoricalOutput _output;

    public CategoryEncoding(LayerConfig config)
        : base(config)
    {
        _count = config.Int("num_tokens");
        if (_count < 1)
        {
            throw config.Wrong("num_tokens", _count, "1 or more");
        }

        config.OneOf("out_of_range", "ignore", "ignore", "raise");
        _output = CategoricalOutput.Read(config, "multi_hot", "one_hot", "multi_hot", "count");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value? weights = call.Tensor(1, "count_weights")?.Value;
        return weights is null || _output.Mode == "count"
            ? new KerasTensor(_output.Encode(g, g.Cast(call.Input.Value, DType.Int64), _count, Policy.Compute, weights))
            : throw call.Fail($"count_weights with output_mode \"{_output.Mode}\"", "count_weights with \"count\" alone");
    }
}
