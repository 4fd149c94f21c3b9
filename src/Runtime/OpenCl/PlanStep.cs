using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>One thing that a call does: launch a kernel, copy, or run an operator on the CPU.</summary>
/// <param name="Text">The step, for people.</param>
internal abstract record PlanStep(string Text)
{
    /// <summary>Makes what the step needs in a frame; <paramref name="number"/> is the step's place in the plan.</summary>
    public virtual void Prepare(OpenClContext context, OpenClFrame frame, int number)
    {
    }

    public abstract void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters);
}

/// <summary>Launches a kernel.</summary>
/// <param name="Text">The operators it computes.</param>
/// <param name="Source">The program.</param>
/// <param name="Kernel">The kernel's name in it.</param>
/// <param name="Range">Its work-items.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record LaunchStep(string Text, string Source, string Kernel, WorkRange Range, IReadOnlyList<KernelArgument> Arguments) : PlanStep(Text)
{
    public override void Prepare(OpenClContext context, OpenClFrame frame, int number)
    {
        nint kernel = frame.Kernels[number] = context.NewKernel(Source, Kernel);
        for (int i = 0; i < Arguments.Count; i++)
        {
            KernelArgument argument = Arguments[i];
            if (argument.LocalBytes > 0)
            {
                context.Api.SetLocal(kernel, i, argument.LocalBytes);
            }
            else if (argument.Number is { } bytes)
            {
                context.Api.SetArgument(kernel, i, bytes);
            }
            else
            {
                context.Api.SetBuffer(kernel, i, frame.Buffers[argument.Slot]);
            }
        }
    }

    /// <summary>How often it is launched; null for once. Where it is given, the last argument is the number of the launch, from 0 on.</summary>
    public int? Times { get; init; }

    public override void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters)
    {
        for (int i = 0; i < (Times ?? 1); i++)
        {
            if (Times is not null)
            {
                frame.Pace?.Next();
                context.Api.SetArgument(frame.Kernels[number], Arguments.Count - 1, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in i)));
            }

            context.Api.Launch(frame.Queue, frame.Kernels[number], Range);
        }
    }
}

/// <summary>Runs an operator on the CPU.</summary>
/// <param name="Text">The operator.</param>
/// <param name="Kernel">Its kernel.</param>
internal sealed record HostStep(string Text, CpuKernel Kernel) : PlanStep(Text)
{
    public override void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters) => Kernel(frame.Host);
}

/// <summary>Copies a value to the device.</summary>
/// <param name="Text">The value.</param>
/// <param name="From">Where it lies on the host.</param>
/// <param name="To">Where it will lie on the device.</param>
internal sealed record UploadStep(string Text, Slot From, Slot To) : PlanStep(Text)
{
    public override void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters)
    {
        ReadOnlySpan<byte> bytes = frame.Host.Bytes(From);
        if (bytes.Length > 0)
        {
            context.Api.Write(frame.Queue, frame.Buffers[To.Index], bytes);
            counters.Uploaded(bytes.Length);
        }
    }
}

/// <summary>Copies a value to the host.</summary>
/// <param name="Text">The value.</param>
/// <param name="From">Where it lies on the device.</param>
/// <param name="To">Where it will lie on the host.</param>
internal sealed record DownloadStep(string Text, Slot From, Slot To) : PlanStep(Text)
{
    public override void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters)
    {
        Span<byte> bytes = frame.Host.Bytes(To);
        if (bytes.Length > 0)
        {
            context.Api.Read(frame.Queue, frame.Buffers[From.Index], bytes);
            counters.Downloaded(bytes.Length);
        }
    }
}
