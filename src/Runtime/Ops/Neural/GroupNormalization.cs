using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>(x − mean) / √(variance + epsilon) · gamma + beta</c>, mean and variance over a group of channels and all axes but the batch.
/// ONNX GroupNormalization (opset 21), but with the channels on any axis.
/// </summary>
/// <remarks>Inputs: x, gamma?, beta?, of one element a channel. The batch is axis 0.</remarks>
/// <param name="Groups">Number of groups, which divides the number of channels.</param>
/// <param name="Axis">The axis of the channels.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record GroupNormalization(int Groups, int Axis, double Epsilon) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        Dim channels = x[inputs.Axis(Axis, x.Rank)];
        if (channels.IsConstant && channels.Value % Groups != 0)
        {
            throw inputs.Fail($"{channels} channels in {Groups} groups", "groups of equal size");
        }

        LayerNormalization.RequireScales(inputs, new SymbolicShape(channels));
        return [inputs.Type(0)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => MomentKernel.Make<T>(binding, Layout(binding.Input(0).Shape), Epsilon, centred: true);

    /// <summary>The channel axis as (group, channel within the group).</summary>
    internal MomentLayout Layout(Shape x)
    {
        int axis = Axis < 0 ? Axis + x.Rank : Axis;
        int[] sizes = [.. x.Take(axis), Groups, x[axis] / Groups, .. x.Skip(axis + 1)];
        var reduced = new bool[sizes.Length];
        var scaled = new bool[sizes.Length];
        Array.Fill(reduced, true);
        reduced[0] = reduced[axis] = false;
        scaled[axis] = scaled[axis + 1] = true;
        return MomentLayout.Of(sizes, reduced, scaled);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Each group of channels of each example normalised to mean 0 and variance 1, then scaled by channel.</summary>
    public Value GroupNormalization(Value x, Value? gamma, Value? beta, int groups, int axis = -1, double epsilon = 1e-3) =>
        Apply(new GroupNormalization(groups, axis, epsilon), x, gamma, beta);
}
