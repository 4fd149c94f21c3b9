using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// Attention by products (Luong et al. 2015): <c>scores = scale · q·kᵀ</c>, or with <c>score_mode</c> concat
/// <c>w · Σ tanh(scale · (q + k))</c>; the rest at <see cref="ScoredAttention"/>.
/// </summary>
/// <remarks>
/// Config: <c>use_scale</c> (false), <c>score_mode</c> (<c>dot</c>, <c>concat</c>). Weights, scalars: <c>scale</c> with use_scale,
/// <c>concat_score_weight</c> with concat.
/// </remarks>
internal sealed class Attention : ScoredAttention
{
    private readonly bool _useScale;
    private readonly bool _concat;
    private Weight? _scale;
    private Weight? _concatWeight;

    public Attention(LayerConfig config)
        : base(config)
    {
        _useScale = config.Bool("use_scale", false);
        _concat = config.OneOf("score_mode", "dot", "dot", "concat") == "concat";
    }

    protected override void Build(CallArguments arguments)
    {
        _scale = _useScale ? AddWeight("scale", []) : null;
        _concatWeight = _concat ? AddWeight("concat_score_weight", []) : null;
    }

    protected override Value Scores(LayerCall call, Value query, Value key)
    {
        GraphBuilder g = call.Graph;
        if (!_concat)
        {
            return Scaled(g.MatMul(query, g.SwapAxes(key, -1, -2)));
        }

        Value sums = g.Add(g.ExpandDims(query, -2), g.ExpandDims(key, -3));
        return g.Mul(call.Weight(_concatWeight!), g.ReduceSum(g.Tanh(Scaled(sums)), [-1], keepDims: false));

        Value Scaled(Value x) => _scale is null ? x : g.Mul(x, call.Weight(_scale));
    }
}
