using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary><c>y = max(x, 0) − alpha · max(−x, 0)</c> with a learned alpha for each feature.</summary>
/// <remarks>
/// Config: <c>shared_axes</c>, counted from 1, along which alpha is one number. Weights: <c>alpha</c>, of the input's shape without
/// the batch axis and with 1 on the shared axes. The mask passes through.
/// </remarks>
internal sealed class PReLU : Layer
{
    private readonly int[] _sharedAxes;
    private Weight? _alpha;

    public PReLU(LayerConfig config)
        : base(config) => _sharedAxes = config.Token("shared_axes") switch
        {
            null => [],
            JValue { Value: long axis } => [(int)axis],
            JArray axes when axes.All(a => a.Type == JTokenType.Integer) => [.. axes.Select(a => (int)a)],
            var other => throw config.Wrong("shared_axes", other, "axes, counted from 1"),
        };

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input) =>
        _alpha = AddWeight("alpha", [.. input.Skip(1).Select((d, i) => _sharedAxes.Contains(i + 1) ? 1 : Known(d, $"axis {i + 1}"))]);

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        return new KerasTensor(g.Sub(g.Relu(x), g.Mul(call.Weight(_alpha!), g.Relu(g.Neg(x)))));
    }
}
