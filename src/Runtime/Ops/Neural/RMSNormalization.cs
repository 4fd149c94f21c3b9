using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>x / √(mean(x²) + epsilon) · scale</c>, the mean over some axes. ONNX RMSNormalization, but over any axes.</summary>
/// <remarks>Inputs: x, scale?, whose shape is that of the normalised axes in ascending order.</remarks>
/// <param name="Axes">The axes over which the mean of squares is taken.</param>
/// <param name="Epsilon">Added to the mean of squares.</param>
public sealed record RMSNormalization(EquatableList<int> Axes, double Epsilon) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        int[] axes = [.. Axes.Select(a => inputs.Axis(a, x.Rank)).Order()];
        LayerNormalization.RequireScales(inputs, new SymbolicShape(axes.Select(a => x[a])));
        return [inputs.Type(0)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) =>
        MomentKernel.Make<T>(binding, LayerNormalization.Layout(binding.Input(0).Shape, Axes), Epsilon, centred: false);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x / √(mean(x²) + epsilon) · scale</c> over some axes.</summary>
    public Value RMSNormalization(Value x, Value? scale, EquatableList<int> axes, double epsilon = 1e-6) =>
        Apply(new RMSNormalization(axes, epsilon), x, scale);
}
