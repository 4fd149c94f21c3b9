using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// Attention by sums (Bahdanau et al. 2015): <c>scores = Σ scale ⊙ tanh(q + k)</c>; the rest at <see cref="ScoredAttention"/>.
/// </summary>
/// <remarks>Config: <c>use_scale</c> (true). Weights: <c>scale</c> (d) with use_scale.</remarks>
internal sealed class AdditiveAttention : ScoredAttention
{
    private readonly bool _useScale;
    private Weight? _scale;

    public AdditiveAttention(LayerConfig config)
        : base(config) => _useScale = config.Bool("use_scale", true);

    protected override void Build(SymbolicShape input) => _scale = _useScale ? AddWeight("scale", [Known(input[-1], "last axis of the query")]) : null;

    protected override Value Scores(LayerCall call, Value query, Value key)
    {
        GraphBuilder g = call.Graph;
        Value sums = g.Tanh(g.Add(g.ExpandDims(query, -2), g.ExpandDims(key, -3)));
        return g.ReduceSum(_scale is null ? sums : g.Mul(call.Weight(_scale), sums), [-1], keepDims: false);
    }
}
