using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The bin of each number: how many boundaries are at most as large. NaN goes to the last bin.</summary>
/// <remarks>
/// Config: <c>bin_boundaries</c> in ascending order, <c>output_mode</c> (int), <c>output_dtype</c>.
/// Weights: none. The mask is dropped. The boundaries of an adapted layer are in its config.
/// </remarks>
internal sealed class Discretization : Layer
{
    private readonly float[] _boundaries;
    private readonly CategoricalOutput _output;
    private readonly DType _type;

    public Discretization(LayerConfig config)
        : base(config)
    {
        _boundaries = config.Token("bin_boundaries") is JArray list
            ? [.. list.Select(b => (float)b)]
            : throw config.Wrong("bin_boundaries", "nothing", "the boundaries, which adapt() computes");
        _output = CategoricalOutput.Read(config, "int", "int", "one_hot", "multi_hot", "count");
        _type = OutputType.Read(config, DType.Int32);
        config.Ignore("num_bins", "epsilon");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = g.ExpandDims(g.Cast(call.Input.Value, DType.Float32), -1);
        // Not "greater or equal": of NaN both comparisons are false.
        Value passed = g.Not(g.Less(x, g.Constant(Tensor.From(_boundaries, _boundaries.Length))));
        Value bins = g.ReduceSum(g.Cast(passed, DType.Int64), [-1]);
        return new KerasTensor(_output.Encode(g, bins, _boundaries.Length + 1, _type));
    }
}
