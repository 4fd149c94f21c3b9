using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// A recurrent layer in both directions: <c>(batch, time, d)</c> → both outputs merged over the last axis. Sequences of the backward
/// layer are turned around first, so that each step meets its own.
/// </summary>
/// <remarks>
/// Config: <c>layer</c>, <c>backward_layer</c>, <c>merge_mode</c> (<c>concat</c>, <c>sum</c>, <c>mul</c>, <c>ave</c>, or null for two
/// outputs). With <c>return_state</c> the forward states follow, then the backward states; <c>initial_state</c> is halved likewise. The
/// mask goes on with sequences. Weights: the forward layer's, then the backward layer's.
/// </remarks>
internal sealed class Bidirectional : Layer
{
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value, Value>> Merges = new(StringComparer.Ordinal)
    {
        ["concat"] = (g, a, b) => g.Concat([a, b], -1),
        ["sum"] = (g, a, b) => g.Add(a, b),
        ["mul"] = (g, a, b) => g.Mul(a, b),
        ["ave"] = (g, a, b) => g.Mul(g.Add(a, b), g.Scalar(0.5, a.DType)),
    };

    private readonly RecurrentLayer _forward;
    private readonly RecurrentLayer _backward;
    private readonly Func<GraphBuilder, Value, Value, Value>? _merge;

    public Bidirectional(LayerConfig config)
        : base(config)
    {
        _forward = Direction(config, "layer");
        _backward = Direction(config, "backward_layer");
        _merge = config.StringOrNull("merge_mode") is not { } mode ? null
            : Merges.TryGetValue(mode, out Func<GraphBuilder, Value, Value, Value>? merge) ? merge
            : throw config.Wrong("merge_mode", mode, $"one of {string.Join(", ", Merges.Keys)}, or null");
        config.Ignore("return_sequences", "return_state", "stateful", "go_backwards", "mask_with_initial_state");
    }

    public override IReadOnlyList<Sublayer> Sublayers => [new Sublayer("forward_layer", _forward), new Sublayer("backward_layer", _backward)];

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => _forward.RaggedRuleOf(rank);

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        KerasTensor[] initial = [.. call.Argument(-1, "initial_state")?.Tensors() ?? []];
        KerasTensor[] constants = [.. call.Argument(-1, "constants")?.Tensors() ?? []];
        KerasTensor[] forward = Run(_forward, initial[..(initial.Length / 2)]);
        KerasTensor[] backward = Run(_backward, initial[(initial.Length / 2)..]);
        KerasTensor turned = _forward.ReturnSequences
            ? new KerasTensor(g.Reverse(backward[0].Value, _forward.TimeMajor ? 0 : 1), forward[0].Mask)
            : backward[0];
        KerasTensor[] outputs =
        [
            .. _merge is null ? [forward[0], turned] : (KerasTensor[])[forward[0] with { Value = _merge(g, forward[0].Value, turned.Value) }],
            .. forward[1..],
            .. backward[1..],
        ];
        return outputs is [var single] ? single : Structure.Of(outputs);

        KerasTensor[] Run(RecurrentLayer layer, KerasTensor[] states)
        {
            var named = new Dictionary<string, Structure>();
            Add("initial_state", states);
            Add("constants", constants);
            if (call.Argument(-1, "mask") is { } mask)
            {
                named.Add("mask", mask);
            }

            return [.. layer.Invoke(g, new CallArguments([call.Input], named)).Tensors()];

            void Add(string name, KerasTensor[] tensors)
            {
                if (tensors.Length > 0)
                {
                    named.Add(name, Structure.Of(tensors));
                }
            }
        }
    }

    private static RecurrentLayer Direction(LayerConfig config, string key) => config.Layer(key) is var layer && layer is RecurrentLayer recurrent
        ? recurrent
        : throw new UnsupportedModelException($"{config.Place}.{key}", $"layer class {layer.ClassName}", "a recurrent layer", "run the layer and its reverse side by side, without Bidirectional");
}
