using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.Tests.Neural;

/// <summary>An activation that no fast path knows, so that the plain loops of recurrent operators are tested with it.</summary>
internal sealed record Curve(string Function) : UnaryOp, IFloatingKernel
{
    public override string Name => Function;

    public double Of(double x) => Function switch
    {
        "tanh" => Math.Tanh(x),
        "sigmoid" => 1 / (1 + Math.Exp(-x)),
        "hard_sigmoid" => Math.Clamp((0.2 * x) + 0.5, 0, 1),
        _ => throw new ArgumentException(Function),
    };

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            for (int i = 0; i < x.Length; i++)
            {
                frame.Span<T>(y)[i] = T.CreateChecked(Of(double.CreateChecked(frame.Span<T>(x)[i])));
            }
        };
    }
}
