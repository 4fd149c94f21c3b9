using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest of several affine functions: <c>y = maxₖ (x · W[k] + b[k])</c>; <c>(batch, d)</c> → <c>(batch, units)</c>.</summary>
/// <remarks>
/// Config: <c>units</c>, <c>nb_feature</c> (4), <c>use_bias</c>. Weights: <c>W</c> (nb_feature, d, units), <c>b</c> (nb_feature, units).
/// The mask is dropped. Keras 1, kept in Keras 2's legacy layers.
/// </remarks>
internal sealed class MaxoutDense : Layer
{
    private readonly int _units;
    private readonly int _pieces;
    private readonly bool _useBias;
    private Weight? _kernel;
    private Weight? _bias;

    public MaxoutDense(LayerConfig config)
        : base(config)
    {
        _units = config.Int("units");
        _pieces = config.Int("nb_feature", 4);
        _useBias = config.Bool("use_bias", true);
        config.Ignore("input_dim");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("W", [_pieces, Known(input[-1], "last axis"), _units]);
        _bias = _useBias ? AddWeight("b", [_pieces, _units]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value all = g.Einsum("bd,kdu->bku", call.Input.Value, call.Weight(_kernel!));
        return new KerasTensor(g.ReduceMax(_bias is null ? all : g.Add(all, call.Weight(_bias)), [1]));
    }
}
