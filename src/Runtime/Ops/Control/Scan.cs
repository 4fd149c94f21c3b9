using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// Runs a body graph once for each step of the time axis, which is the second: each run reads the states that the one before left and one
/// slice of each scanned value. ONNX Scan with scan axis 1.
/// </summary>
/// <remarks>
/// Inputs: the initial states, the scanned values (batch, time, …), then values that every run sees whole. Body inputs: states, slices
/// (batch, …), whole values. Body outputs: next states, then results of the step (batch, …). Outputs: last states, then the results of all
/// steps (batch, time, …) in the order in which they were computed. Weights may stand in the body as they are.
/// </remarks>
/// <param name="Body">What is done at each step.</param>
/// <param name="StateCount">Number of states.</param>
/// <param name="ScanCount">Number of scanned values, one at least.</param>
/// <param name="Reverse">Whether the last step comes first.</param>
public sealed record Scan(Graph Body, int StateCount, int ScanCount, bool Reverse) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        if (ScanCount < 1 || inputs.Count != Body.Inputs.Count || Body.Outputs.Count < StateCount || Body.HasDynamicShapes)
        {
            throw inputs.Fail($"{inputs.Count} inputs for a body of {Body.Inputs.Count} inputs and {Body.Outputs.Count} outputs", "one body input for each input, and a next value for each state");
        }

        var symbols = new Dictionary<string, Dim>(StringComparer.Ordinal);
        for (int i = 0; i < inputs.Count; i++)
        {
            Match(symbols, inputs, i, IsScanned(i) ? inputs.Shape(i).Without(1) : inputs.Shape(i));
        }

        Dim time = inputs.Shape(StateCount)[1];
        return
        [
            .. Enumerable.Range(0, StateCount).Select(inputs.Type),
            .. Body.Outputs.Skip(StateCount).Select(o => new TensorType(o.DType, Substitute(o.Shape).Inserted(1, time))),
        ];

        SymbolicShape Substitute(SymbolicShape shape) => new(shape.Select(d => d.Substitute(symbols)));
    }

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot[] inputs = [.. Enumerable.Range(0, binding.InputCount).Select(binding.Input)];
        Slot[] outputs = [.. Enumerable.Range(0, binding.OutputCount).Select(binding.Output)];
        CpuNestedPlan nested = binding.Nest(Body, [.. inputs.Select((slot, i) => IsScanned(i) ? WithoutTime(slot.Shape) : slot.Shape)]);
        CpuPlan plan = nested.Plan;
        int time = inputs[StateCount].Shape[1];
        return frame =>
        {
            CpuFrame body = nested.In(frame);
            for (int i = 0; i < inputs.Length; i++)
            {
                if (i < StateCount)
                {
                    frame.Bytes(inputs[i]).CopyTo(frame.Bytes(outputs[i]));
                }
                else if (!IsScanned(i))
                {
                    frame.Bytes(inputs[i]).CopyTo(body.Bytes(plan.Inputs[i]));
                }
            }

            for (int step = 0; step < time; step++)
            {
                // The running states lie in the outputs: a body may hand one state on as another.
                for (int state = 0; state < StateCount; state++)
                {
                    frame.Bytes(outputs[state]).CopyTo(body.Bytes(plan.Inputs[state]));
                }

                for (int i = StateCount; i < StateCount + ScanCount; i++)
                {
                    LoadStep(frame.Bytes(inputs[i]), body.Bytes(plan.Inputs[i]), inputs[i].Shape[0], time, Reverse ? time - 1 - step : step);
                }

                plan.Run(body);
                for (int i = 0; i < outputs.Length; i++)
                {
                    ReadOnlySpan<byte> result = body.Bytes(plan.Outputs[i]);
                    if (i < StateCount)
                    {
                        result.CopyTo(frame.Bytes(outputs[i]));
                    }
                    else
                    {
                        StoreStep(result, frame.Bytes(outputs[i]), outputs[i].Shape[0], time, step);
                    }
                }
            }
        };
    }

    /// <summary>One step of (batch, time, …) to (batch, …).</summary>
    private static void LoadStep(ReadOnlySpan<byte> all, Span<byte> one, int batch, int time, int step)
    {
        int size = batch == 0 ? 0 : one.Length / batch;
        for (int row = 0; row < batch; row++)
        {
            all.Slice(((row * time) + step) * size, size).CopyTo(one.Slice(row * size, size));
        }
    }

    /// <summary>(batch, …) to one step of (batch, time, …).</summary>
    private static void StoreStep(ReadOnlySpan<byte> one, Span<byte> all, int batch, int time, int step)
    {
        int size = batch == 0 ? 0 : one.Length / batch;
        for (int row = 0; row < batch; row++)
        {
            one.Slice(row * size, size).CopyTo(all.Slice(((row * time) + step) * size, size));
        }
    }

    /// <summary>The shape of one step of a scanned value.</summary>
    internal static Shape WithoutTime(Shape shape) => new([shape[0], .. shape.Dims[2..]]);

    /// <summary>Whether the body sees one step of an input at a time.</summary>
    internal bool IsScanned(int input) => input >= StateCount && input < StateCount + ScanCount;

    /// <summary>Learns what the body's symbols stand for from an input.</summary>
    private void Match(Dictionary<string, Dim> symbols, OpInference inputs, int input, SymbolicShape given)
    {
        Value expected = Body.Inputs[input];
        bool fits = expected.DType == inputs.DType(input) && expected.Rank == given.Rank;
        for (int axis = 0; fits && axis < given.Rank; axis++)
        {
            if (expected.Shape[axis].SymbolName is { } symbol)
            {
                symbols.TryAdd(symbol, given[axis]);
            }
            else
            {
                fits = !given[axis].IsConstant || !expected.Shape[axis].IsConstant || expected.Shape[axis] == given[axis];
            }
        }

        if (!fits)
        {
            throw inputs.Fail($"input {input} of {inputs.DType(input).Name()} {given}", expected.Type.ToString());
        }
    }
}

/// <summary>What a scan computes.</summary>
/// <param name="States">The last states.</param>
/// <param name="Outputs">The results of all steps (batch, time, …).</param>
public sealed record ScanResult(IReadOnlyList<Value> States, IReadOnlyList<Value> Outputs);

public sealed partial class GraphBuilder
{
    /// <summary>Runs a body graph along the time axis.</summary>
    /// <param name="body">Its inputs are states, slices and whole values, in this order; its outputs next states and results.</param>
    /// <param name="states">The initial states.</param>
    /// <param name="scanned">Values (batch, time, …) of which each run sees one step.</param>
    /// <param name="whole">Values that each run sees whole.</param>
    /// <param name="reverse">Whether the last step comes first.</param>
    public ScanResult Scan(Graph body, IReadOnlyList<Value> states, IReadOnlyList<Value> scanned, IReadOnlyList<Value>? whole = null, bool reverse = false)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new Scan(body, states.Count, scanned.Count, reverse), [.. states, .. scanned, .. whole ?? []]);
        return new ScanResult([.. outputs.Take(states.Count)], [.. outputs.Skip(states.Count)]);
    }
}
