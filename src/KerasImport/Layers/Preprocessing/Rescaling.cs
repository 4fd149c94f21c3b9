using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary><c>y = x · scale + offset</c>.</summary>
/// <remarks>
/// Config: <c>scale</c>, <c>offset</c> (0), each a number or one for each channel; <c>data_format</c>. Weights: none. The mask passes
/// through.
/// </remarks>
internal sealed class Rescaling : Layer
{
    private readonly JToken _scale;
    private readonly JToken _offset;
    private readonly bool _channelsFirst;

    public Rescaling(LayerConfig config)
        : base(config)
    {
        _scale = config.Token("scale") ?? throw config.Wrong("scale", "nothing", "a number or a list of numbers");
        _offset = config.Token("offset") ?? new JValue(0);
        _channelsFirst = config.ChannelsFirst();
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = g.Cast(call.Input.Value, Policy.Compute);
        return new KerasTensor(g.Add(g.Mul(x, Constant(_scale)), Constant(_offset)));

        Value Constant(JToken json)
        {
            Tensor tensor = JsonTensor.Read(json, Policy.Compute, Config.Place).Cast(Policy.Compute);
            return g.Constant(_channelsFirst && tensor.Shape.Rank == 1 ? tensor.Reshape(new Shape(tensor.Length, 1, 1)) : tensor);
        }
    }
}
