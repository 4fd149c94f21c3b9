using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Permutes the axes: axis i of the output is axis <c>dims[i − 1]</c> of the input, the batch axis not counted.</summary>
/// <remarks>Config: <c>dims</c>, counted from 1. Weights: none. The mask is dropped.</remarks>
internal sealed class Permute : Layer
{
    private readonly int[] _dims;

    public Permute(LayerConfig config)
        : base(config)
    {
        _dims = config.Token("dims") is JArray dims && dims.All(d => d.Type == JTokenType.Integer) ? [.. dims.Select(d => (int)d)] : [];
        if (!_dims.Order().SequenceEqual(Enumerable.Range(1, _dims.Length)))
        {
            throw config.Wrong("dims", config.Token("dims")!, "a permutation of 1, 2, …");
        }
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => call.Input.Shape.Rank == _dims.Length + 1
        ? new KerasTensor(call.Graph.Transpose(call.Input.Value, [0, .. _dims]))
        : throw call.Fail($"an input of shape {call.Input.Shape}", $"{_dims.Length} axes beside the batch");
}
