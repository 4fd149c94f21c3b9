using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>(x − mean) / √(variance + epsilon) · gamma + beta</c>, mean and population variance over some axes. ONNX LayerNormalization, but
/// over any axes, not only trailing ones.
/// </summary>
/// <remarks>Inputs: x, gamma?, beta?, whose shape is that of the normalised axes in ascending order.</remarks>
/// <param name="Axes">The axes over which mean and variance are taken.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record LayerNormalization(EquatableList<int> Axes, double Epsilon) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        int[] axes = [.. Axes.Select(a => inputs.Axis(a, x.Rank)).Order()];
        RequireScales(inputs, new SymbolicShape(axes.Select(a => x[a])));
        return [inputs.Type(0)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) =>
        MomentKernel.Make<T>(binding, Layout(binding.Input(0).Shape, Axes), Epsilon, centred: true);

    internal static void RequireScales(OpInference inputs, SymbolicShape expected)
    {
        for (int i = 1; i < inputs.Count; i++)
        {
            if (inputs.Has(i) && !inputs.Shape(i).Equals(expected))
            {
                throw inputs.Fail($"gamma or beta of shape {inputs.Shape(i)}", expected.ToString());
            }
        }
    }

    internal static MomentLayout Layout(Shape shape, EquatableList<int> axes)
    {
        var reduced = new bool[shape.Rank];
        foreach (int axis in axes)
        {
            reduced[axis < 0 ? axis + shape.Rank : axis] = true;
        }

        return MomentLayout.Of(shape.Dims, reduced, scaled: reduced);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>(x − mean) / √(variance + epsilon) · gamma + beta</c> over some axes.</summary>
    public Value LayerNormalization(Value x, Value? gamma, Value? beta, EquatableList<int> axes, double epsilon = 1e-3) =>
        Apply(new LayerNormalization(axes, epsilon), x, gamma, beta);
}
