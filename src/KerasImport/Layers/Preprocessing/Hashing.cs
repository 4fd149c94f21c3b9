using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>A bin for each text or integer: the hash of its text modulo the number of bins.</summary>
/// <remarks>
/// Config: <c>num_bins</c>, <c>mask_value</c> (which has bin 0 for itself), <c>salt</c>, <c>output_mode</c> (int), <c>output_dtype</c>. Weights: none.
/// FarmHash's Fingerprint64, or SipHash-2-4 with a salt; integers count as decimal text, floats lose their fraction. The mask is
/// dropped.
/// </remarks>
internal sealed class Hashing : Layer
{
    private readonly int _bins;
    private readonly JToken? _maskValue;
    private readonly (ulong First, ulong Second)? _salt;
    private readonly CategoricalOutput _output;
    private readonly DType _type;

    public Hashing(LayerConfig config)
        : base(config)
    {
        _bins = config.Int("num_bins");
        _maskValue = _bins > 1 ? config.Token("mask_value") : null;
        _salt = HashSalt.Read(config);
        _output = CategoricalOutput.Read(config, "int", "int", "one_hot", "multi_hot", "count");
        _type = OutputType.Read(config, DType.Int64);
        config.Ignore("mask_value");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected internal override RaggedRule RaggedRuleOf(int rank) => _output.IsIndex ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        Value text = x.DType == DType.String ? x : g.IntegerToText(x);
        Value bins = g.HashText(text, _maskValue is null ? _bins : _bins - 1, _salt);
        if (_maskValue is not null)
        {
            bins = g.Where(IsMasked(g, x), g.Scalar(0, DType.Int64), g.Add(bins, 1));
        }

        return new KerasTensor(_output.Encode(g, bins, _bins, _type));
    }

    private Value IsMasked(GraphBuilder g, Value x)
    {
        if (x.DType == DType.String)
        {
            var masked = new LookupTable<string>([KeyValuePair.Create((string?)_maskValue ?? string.Empty, 1L)]);
            return g.Cast(g.LookupText(x, masked, 0), DType.Bool);
        }

        return g.Equal(x, (double)_maskValue!);
    }
}
