using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The same elements under another shape; the batch axis stays.</summary>
/// <remarks>Config: <c>target_shape</c> without the batch axis, one size may be −1 (what remains). Weights: none. The mask is dropped.</remarks>
internal sealed class Reshape : Layer
{
    private readonly int[] _target;

    public Reshape(LayerConfig config)
        : base(config)
    {
        _target = config.Token("target_shape") switch
        {
            JArray sizes when sizes.All(s => s.Type is JTokenType.Integer or JTokenType.Null) => [.. sizes.Select(s => (int?)s ?? -1)],
            JValue { Value: long size } => [(int)size],
            var other => throw config.Wrong("target_shape", other ?? JValue.CreateNull(), "a list of sizes"),
        };
        if (_target.Count(s => s < 0) > 1)
        {
            throw config.Wrong("target_shape", config.Token("target_shape")!, "at most one size that is open");
        }
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        Value x = call.Input.Value;
        Dim features = Dim.Product(x.Shape.Skip(1));
        int known = _target.Where(s => s >= 0).Aggregate(1, (a, b) => checked(a * b));
        if (_target.Contains(-1) && features.ValueOrNull is { } size && (known == 0 || size % known != 0))
        {
            throw call.Fail($"{size} elements", $"a multiple of {known} for target_shape ({string.Join(", ", _target)})");
        }

        return new KerasTensor(call.Graph.Reshape(x, new SymbolicShape([x.Shape[0], .. _target.Select(s => s < 0 ? Dim.FloorDiv(features, known) : s)])));
    }
}
