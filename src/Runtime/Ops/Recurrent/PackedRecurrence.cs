using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>A recurrent operator on the vector kernels: float32, weights that no call changes, and activations that the kernels know.</summary>
internal static unsafe class PackedRecurrence
{
    /// <summary>The kernel, or null where the plain loop has to do it.</summary>
    public static CpuKernel? TryMake(CpuBinding binding, RecurrentOp op)
    {
        if (binding.Constant(RecurrentOp.Kernel) is not { DType: DType.Float32 } kernel
            || binding.Constant(RecurrentOp.RecurrentKernel) is not { } recurrent
            || (binding.Has(RecurrentOp.Bias) && binding.Constant(RecurrentOp.Bias) is null)
            || !KernelActivation.TryGet(op.Activation, out Activation activation)
            || !KernelActivation.TryGet(op.GateActivation, out Activation gate))
        {
            return null;
        }

        Slot x = binding.Input(RecurrentOp.X);
        (int batch, int time, int features, int units) = (x.Shape[0], x.Shape[1], kernel.Shape[0], recurrent.Shape[0]);
        RecurrentWeights weights = binding.Packed(
            (op.Kind, KernelTable.Active),
            w => new RecurrentWeights(op.Kind, features, units, w[0]!.Span, w[1]!.Span, w[2] is { } bias ? bias.Span : default),
            [(packed, w) => packed.UnpackInput(w), (packed, w) => packed.UnpackRecurrent(w)],
            RecurrentOp.Kernel, RecurrentOp.RecurrentKernel, RecurrentOp.Bias);
        Slot workspace = binding.Workspace(DType.Float32, Recurrent.WorkspaceFloats(weights, batch, time));
        int table = RecurrentOp.FirstState + op.StateCount;
        TokenRows? tokens = binding.Constant(table) is not null ? new TokenRows(binding, x, table, weights) : null;
        Slot? mask = Optional(RecurrentOp.Mask), hidden = Optional(RecurrentOp.FirstState);
        Slot? cell = op.StateCount > 1 ? Optional(RecurrentOp.FirstState + 1) : null;
        Slot output = binding.Output(0), lastHidden = binding.Output(1);
        Slot? lastCell = op.StateCount > 1 ? binding.Output(2) : null;
        return frame =>
        {
            var arguments = new RecurrentArguments
            {
                Batch = batch,
                Time = time,
                X = tokens is null ? frame.Pointer<float>(x) : null,
                Table = tokens is null ? null : tokens.Table,
                Tokens = tokens is null ? null : tokens.Read(frame),
                XBatchStride = (nint)time * features,
                XTimeStride = features,
                Mask = mask is { } m ? frame.Pointer<byte>(m) : null,
                Backwards = op.GoBackwards,
                ReverseY = op.ReverseOutput,
                ZeroMasked = op.ZeroOutputForMask,
                InitialHidden = Floats(frame, hidden),
                InitialCell = Floats(frame, cell),
                LastHidden = frame.Pointer<float>(lastHidden),
                LastCell = Floats(frame, lastCell),
            };
            if (op.ReturnSequences)
            {
                arguments.Y = frame.Pointer<float>(output);
                arguments.YBatchStride = (nint)time * units;
                arguments.YTimeStride = units;
            }
            else
            {
                arguments.LastOutput = frame.Pointer<float>(output);
            }

            Recurrent.Run(weights, activation, gate, arguments, frame.Span<float>(workspace));
        };

        Slot? Optional(int input) => binding.Has(input) ? binding.Input(input) : null;

        static float* Floats(CpuFrame frame, Slot? slot) => slot is { } s ? frame.Pointer<float>(s) : null;
    }
}
