using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Recurrent nets: one product for the inputs of all steps, then one kernel that walks the steps.</summary>
/// <remarks>
/// A group of work-items takes one example and keeps its states in local memory from step to step. On a GPU each item has one unit of
/// every gate at a time; on a CPU one item has blocks of 16 units, in vector registers. A step whose mask is false leaves the states.
/// </remarks>
internal static class RecurrentKernels
{
    private const int LargestGroup = 256;

    public static bool Run(RecurrentOp op, DeviceBinding b) => CanRun(op, b, b.Shape(RecurrentOp.X)) && Run(op, b, b.Input(RecurrentOp.X));

    /// <summary>The net over the rows of an embedding.</summary>
    public static bool Run(EmbeddedRecurrence op, DeviceBinding b)
    {
        Shape indices = b.Shape(RecurrentOp.X);
        int table = RecurrentOp.FirstState + op.Net.StateCount, features = b.Shape(table)[1];
        var shape = new Shape(indices[0], indices[1], features);
        if (!CanRun(op.Net, b, shape))
        {
            return false;
        }

        Slot x = b.Workspace(DType.Float32, shape.ElementCount) with { Shape = shape };
        IndexKernels.Gather(b, 0, b.Kept(table), b.Input(RecurrentOp.X), x);
        return Run(op.Net, b, x);
    }

    private static bool CanRun(RecurrentOp op, DeviceBinding b, Shape x)
    {
        DType type = b.Type(RecurrentOp.Kernel);
        int units = b.Shape(RecurrentOp.RecurrentKernel)[0];
        return HasExpression(op.Activation, type) && HasExpression(op.GateActivation, type)
            && LocalElements(Padded(units, WidthOf(b))) * type.Size() <= b.Device.LocalBytes && x.Rank == 3;
    }

    private static bool Run(RecurrentOp op, DeviceBinding b, Slot x)
    {
        DType type = b.Type(RecurrentOp.Kernel);
        (int batch, int time, int features) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        int units = b.Shape(RecurrentOp.RecurrentKernel)[0], width = units * op.Gates, lanes = WidthOf(b), padded = Padded(units, lanes);
        Slot projected = Project(op, b, x, type, batch * time, features, width);
        Slot recurrent = lanes == 1
            ? b.Kept(RecurrentOp.RecurrentKernel)
            : b.Weights(RecurrentOp.RecurrentKernel, "blocks", new Shape(units * op.Gates * padded), w => InBlocks(w, units, op.Gates));
        Slot? bias = Optional(b, RecurrentOp.Bias), mask = Optional(b, RecurrentOp.Mask), hidden = Optional(b, RecurrentOp.FirstState);
        Slot? cell = op.StateCount > 1 ? Optional(b, RecurrentOp.FirstState + 1) : null;
        Slot y = b.Output(0), lastHidden = b.Output(1), lastCell = op.StateCount > 1 ? b.Output(2) : lastHidden;
        int blocks = padded / lanes, group = b.Device.IsCpu ? 1 : Math.Min(Math.Min(LargestGroup, b.Device.LargestGroup), (blocks + 31) / 32 * 32);
        string source = Source(op, type, recurrent.DType, lanes, bias is not null, mask is not null, hidden is not null, cell is not null);
        b.Launch(
            source, "recurrent", WorkRange.Groups(units == 0 ? 0 : batch, group),
            projected, recurrent, bias ?? projected, mask ?? projected, hidden ?? projected, cell ?? projected, y, lastHidden, lastCell,
            KernelArgument.Local(LocalElements(padded) * type.Size()), time, units, padded);
        return true;
    }

    /// <summary><c>x·K + b</c> for all steps at once.</summary>
    private static Slot Project(RecurrentOp op, DeviceBinding b, Slot x, DType type, int rows, int features, int width)
    {
        Slot projected = b.Workspace(type, rows * width);
        bool constant = b.Constant(RecurrentOp.Kernel) is not null;
        Slot kernel = constant
            ? b.Weights(RecurrentOp.Kernel, ("panels", width, 1), new Shape(Product.PackedLength(features, width)), w => ProductKernels.Packed(w, 1, features, width, (_, row) => row * width, 1))
            : b.Input(RecurrentOp.Kernel);
        new Product(type, rows, features, width, x, kernel, projected)
        {
            LeftStrides = (features, 1),
            RightStrides = constant ? null : (width, 1),
            ResultStride = width,
            Bias = Optional(b, RecurrentOp.Bias),
        }.Launch(b);
        return projected;
    }

    /// <summary>Vectors need the weights in blocks of units, which only weights that no call changes are brought into.</summary>
    private static int WidthOf(DeviceBinding b) => b.Device.IsCpu && b.Constant(RecurrentOp.RecurrentKernel) is not null ? Lanes.Vector : 1;

    private static int Padded(int units, int lanes) => (units + lanes - 1) / lanes * lanes;

    /// <summary>Two sides of h, c, and what a reset before the product keeps.</summary>
    private static int LocalElements(int padded) => 5 * padded;

    private static bool HasExpression(Op? activation, DType type) => ElementCode.Activation(activation, "v", new Lanes(type, 1)) is not null;

    private static Slot? Optional(DeviceBinding b, int input) => b.Has(input) ? b.Input(input) : null;

    /// <summary>(unit before, gate, unit) to (block, unit before, gate, unit of the block): a block's weights are read one after another.</summary>
    private static byte[] InBlocks(Tensor weights, int units, int gates)
    {
        int size = weights.DType.Size(), blocks = Padded(units, Lanes.Vector) / Lanes.Vector;
        var bytes = new byte[blocks * units * gates * Lanes.Vector * size];
        for (int block = 0; block < blocks; block++)
        {
            int first = block * Lanes.Vector, count = Math.Min(Lanes.Vector, units - first);
            for (int row = 0; row < units * gates; row++)
            {
                weights.Bytes.Slice(((row * units) + first) * size, count * size).CopyTo(bytes.AsSpan(((block * units * gates) + row) * Lanes.Vector * size));
            }
        }

        return bytes;
    }

    private static string Source(RecurrentOp op, DType type, DType stored, int lanes, bool bias, bool mask, bool hidden, bool cell)
    {
        string t = ElementCode.TypeName(type);
        string Activation(Op? activation) => ElementCode.Activation(activation, "v", new Lanes(type, 1))!;
        return $$"""
            {{ElementCode.Prelude}}
            typedef {{t}} REAL;
            typedef {{ElementCode.StorageName(stored)}} WEIGHT;
            #define LANES {{lanes}}
            #define WEIGHTS(p) {{(stored != DType.Float16 ? "LOAD(p)" : lanes == 1 ? "vload_half(0, p)" : $"vload_half{lanes}(0, p)")}}
            {{(lanes == 1 ? "typedef REAL REALS;\n#define LOAD(p) *(p)\n#define STORE(v, p) *(p) = (v)" : $"typedef {t}{lanes} REALS;\n#define LOAD(p) vload{lanes}(0, p)\n#define STORE(v, p) vstore{lanes}(v, 0, p)")}}
            inline REAL activation(REAL v) { return {{Activation(op.Activation)}}; }
            inline REAL gate(REAL v) { return {{Activation(op.GateActivation)}}; }
            __kernel void recurrent(
                __global const REAL* x, __global const WEIGHT* weights, __global const REAL* bias, __global const uchar* mask, __global const REAL* firstH, __global const REAL* firstC,
                __global REAL* y, __global REAL* lastH, __global REAL* lastC, __local REAL* memory, int time, int units, int padded)
            {
                int row = (int)get_group_id(0), item = (int)get_local_id(0), items = (int)get_local_size(0), side = 0;
                __local REAL* h = memory, * c = memory + 2 * padded, * z = c + padded, * r = z + padded;
                for (int j = item; j < padded; j += items)
                {
                    h[j] = {{(hidden ? "j < units ? firstH[row * units + j] : 0" : "0")}};
                    c[j] = {{(cell ? "j < units ? firstC[row * units + j] : 0" : "0")}};
                    {{(op.ReturnSequences ? string.Empty : "if (j < units) y[row * units + j] = 0;")}}
                }
                barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
                for (int step = 0; step < time; step++)
                {
                    int at = {{(op.GoBackwards ? "time - 1 - step" : "step")}}, place = {{(op.ReverseOutput ? "time - 1 - step" : "step")}};
                    int kept = {{(mask ? "mask[row * time + at]" : "1")}};
                    __global const REAL* own = x + (row * time + at) * units * {{op.Gates}};
                    __local REAL* before = h + side * padded, * after = h + (side ^ 1) * padded;
                    __global REAL* out = y + {{(op.ReturnSequences ? "(row * time + place) * units" : "row * units")}};
            {{Cell(op, bias, lanes)}}
                    barrier(CLK_LOCAL_MEM_FENCE);
                    side ^= 1;
                }
                for (int j = item; j < units; j += items)
                {
                    lastH[row * units + j] = h[side * padded + j];
                    {{(op.StateCount > 1 ? "lastC[row * units + j] = c[j];" : string.Empty)}}
                }
            }

            """;
    }

    private static string Cell(RecurrentOp op, bool bias, int lanes)
    {
        string masked = op.ZeroOutputForMask ? "0"
            : op.ReturnSequences ? $"step == 0 ? 0 : out[j {(op.ReverseOutput ? "+" : "-")} units]"
            : "out[j]";
        string write = $"out[j] = kept ? after[j] : {masked};";
        string Added(int gate) => bias ? $" + bias[{gate + op.Gates} * units + j]" : string.Empty;
        return op switch
        {
            LSTM => Units(
                lanes, 4, 0, 4, "before",
                """
                REAL i = gate(g0[lane] + own[j]), f = gate(g1[lane] + own[units + j]), n = activation(g2[lane] + own[2 * units + j]), o = gate(g3[lane] + own[3 * units + j]);
                                    REAL next = fma(f, c[j], i * n);
                                    after[j] = kept ? o * activation(next) : before[j];
                                    c[j] = kept ? next : c[j];
                """,
                write),
            GRU { ResetAfter: true } => Units(
                lanes, 3, 0, 3, "before",
                $"""
                REAL u = gate(g0[lane] + own[j]{Added(0)}), s = gate(g1[lane] + own[units + j]{Added(1)}), n = activation(own[2 * units + j] + s * (g2[lane]{Added(2)}));
                                    after[j] = kept ? u * before[j] + (1 - u) * n : before[j];
                """,
                write),
            GRU => Units(
                lanes, 3, 0, 2, "before",
                """
                z[j] = gate(g0[lane] + own[j]);
                                    r[j] = gate(g1[lane] + own[units + j]) * before[j];
                """,
                string.Empty)
                + "        barrier(CLK_LOCAL_MEM_FENCE);\n"
                + Units(
                    lanes, 3, 2, 1, "r",
                    """
                    REAL n = activation(g2[lane] + own[2 * units + j]);
                                    after[j] = kept ? z[j] * before[j] + (1 - z[j]) * n : before[j];
                    """,
                    write),
            _ => Units(
                lanes, 1, 0, 1, "before",
                """
                after[j] = kept ? activation(g0[lane] + own[j]) : before[j];
                """,
                write),
        };
    }

    /// <summary>The loop over blocks of units: the states times the weights of some gates, then what the cell makes of them.</summary>
    private static string Units(int lanes, int gates, int first, int count, string source, string cell, string write)
    {
        int[] own = [.. Enumerable.Range(first, count)];

        // Items side by side read neighbouring units; an item of a CPU reads its block from end to end.
        (string begin, string pitch) = lanes == 1 ? ("block", "units") : ($"block * units * {gates}", "LANES");
        return $$"""
                    for (int block = item * LANES; block < units; block += items * LANES)
                    {
                        {{string.Join(" ", own.Select(g => $"REALS s{g} = (REALS)(0);"))}}
                        __global const WEIGHT* w = weights + {{begin}};
                        for (int k = 0; k < units; k++, w += {{gates}} * {{pitch}})
                        {
                            REALS v = (REALS)({{source}}[k]);
                            {{string.Join(" ", own.Select(g => $"s{g} = fma(v, WEIGHTS(w + {g} * {pitch}), s{g});"))}}
                        }
                        {{string.Join(" ", own.Select(g => $"REAL g{g}[LANES]; STORE(s{g}, g{g});"))}}
                        for (int lane = 0; lane < LANES && block + lane < units; lane++)
                        {
                            int j = block + lane;
                            {{cell}}
                            {{write}}
                        }
                    }

            """;
    }
}
