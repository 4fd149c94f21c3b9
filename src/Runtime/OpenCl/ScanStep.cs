using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>Runs a nested plan once for each step of the time axis; states and slices are copied within the device.</summary>
/// <param name="Text">The operator.</param>
/// <param name="Scan">The operator: which inputs are states, which are scanned, and in which direction.</param>
/// <param name="Child">The number of the nested plan's frame.</param>
/// <param name="Body">The nested plan.</param>
/// <param name="Time">How many steps there are.</param>
/// <param name="Inputs">The operator's inputs, scanned values as (time, batch, …).</param>
/// <param name="Outputs">The operator's outputs: last states, then the results of all steps as (time, batch, …).</param>
internal sealed record ScanStep(string Text, Scan Scan, int Child, OpenClPlan Body, int Time, IReadOnlyList<Slot> Inputs, IReadOnlyList<Slot> Outputs) : PlanStep(Text)
{
    /// <summary>Adds the step to a plan, and what brings scanned values into the order of time and results back to that of examples.</summary>
    public static bool Bind(Scan scan, DeviceBinding b)
    {
        int[] inputs = [.. Enumerable.Range(0, b.InputCount)], outputs = [.. Enumerable.Range(0, b.OutputCount)];
        int time = b.Shape(scan.StateCount)[1];
        (int child, OpenClPlan body) = b.Nest(scan.Body, [.. inputs.Select(i => scan.IsScanned(i) ? Scan.WithoutTime(b.Shape(i)) : b.Shape(i))], time);
        Slot[] from = [.. inputs.Select(i => scan.IsScanned(i) ? Swapped(b, b.Input(i)) : b.Input(i))];
        Slot[] to = [.. outputs.Select(i => i < scan.StateCount ? b.Output(i) : b.Workspace(b.OutputType(i), b.OutputShape(i).ElementCount) with { Shape = AxesSwapped(b.OutputShape(i)) })];
        b.Add(text => new ScanStep(text, scan, child, body, time, from, to));
        foreach (int i in outputs[scan.StateCount..])
        {
            Swap(b, to[i], b.Output(i));
        }

        return true;
    }

    public override void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters)
    {
        OpenClFrame body = frame.Children[Child];
        body.Pace = frame.Pace;
        for (int i = 0; i < Inputs.Count; i++)
        {
            if (i < Scan.StateCount)
            {
                // The running states lie in the outputs: a body may hand one state on as another.
                Copy(Inputs[i], frame.Buffers[Inputs[i].Index], 0, frame.Buffers[Outputs[i].Index], 0);
            }
            else if (!Scan.IsScanned(i))
            {
                Copy(Inputs[i], frame.Buffers[Inputs[i].Index], 0, body.Buffers[Body.Inputs[i].Index], 0);
            }
        }

        for (int step = 0; step < Time; step++)
        {
            for (int i = 0; i < Scan.StateCount + Scan.ScanCount; i++)
            {
                Slot source = i < Scan.StateCount ? Outputs[i] : Inputs[i], target = Body.Inputs[i];
                Copy(target, frame.Buffers[source.Index], i < Scan.StateCount ? 0 : Scan.Reverse ? Time - 1 - step : step, body.Buffers[target.Index], 0);
            }

            Body.Run(body, counters);
            for (int i = 0; i < Outputs.Count; i++)
            {
                Slot source = Body.Outputs[i].Slot;
                Copy(source, body.Buffers[source.Index], 0, frame.Buffers[Outputs[i].Index], i < Scan.StateCount ? 0 : step);
            }
        }

        void Copy(Slot part, nint source, int fromPart, nint target, int toPart)
        {
            long bytes = (long)part.Length * part.DType.Size();
            if (bytes > 0)
            {
                context.Api.Copy(frame.Queue, source, fromPart * bytes, target, toPart * bytes, bytes);
            }
        }
    }

    private static Slot Swapped(DeviceBinding b, Slot x)
    {
        Slot y = b.Workspace(x.DType, x.Length) with { Shape = AxesSwapped(x.Shape) };
        Swap(b, x, y);
        return y;
    }

    private static Shape AxesSwapped(Shape shape) => new([shape[1], shape[0], .. shape.Dims[2..]]);

    /// <summary>(batch, time, …) to (time, batch, …), or back.</summary>
    private static void Swap(DeviceBinding b, Slot x, Slot y)
    {
        int rest = x.Shape.Product(2, x.Shape.Rank);
        MovementKernels.Strided(b, x, new StridedCopy(0, [x.Shape[1], x.Shape[0], rest], [rest, x.Shape[1] * rest, 1]), y);
    }
}
