using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>
/// A recurrent net whose weights are too many for one processor to read them at every step: a launch a step, in which all processors
/// share the units. The states lie in two matrices (row, unit) that take turns.
/// </summary>
internal static class RecurrentSteps
{
    /// <summary>Work-items of a GPU's group: some units, and parts of the units before.</summary>
    private const int Units = 32, Parts = 8;

    /// <summary>True where a step is worth a launch, and too few rows to keep all processors busy with rows of their own.</summary>
    public static bool Suits(RecurrentOperands net, DeviceBinding b)
    {
        long enough = b.Device.IsCpu ? 1 << 20 : 1 << 18;
        return net.Weights >= enough && net.Batch < (b.Device.IsCpu ? 4 : 1) * b.Device.ComputeUnits && b.Device.ComputeUnits > 1 && net.Time > 0
            && !net.HasTwoProducts && (b.Device.IsCpu || b.Device.LargestGroup >= Units * Parts);
    }

    public static void Launch(RecurrentOperands net, DeviceBinding b, Slot rows, Slot weights, Slot? bias, bool inBlocks)
    {
        int pitch = inBlocks ? net.Padded : net.Units, states = net.Op is LSTM ? 3 : 2;
        Slot memory = b.Workspace(net.Type, states * net.Batch * pitch);
        KernelArgument[] arguments = [.. net.Arguments(b, rows, weights, bias), memory, pitch];
        b.Launch(Begin(net, b, weights.DType), "begin", WorkRange.Plane(pitch, net.Batch), arguments);
        string source = inBlocks ? InBlocks(net, b, weights.DType, bias is not null) : InGroups(net, b, weights.DType, bias is not null);
        WorkRange range = inBlocks ? WorkRange.Line(net.Blocks, 1) : WorkRange.Plane((long)(net.Units + Units - 1) / Units * Units * Parts, net.Batch, Units * Parts);
        b.LaunchRepeatedly(source, "advance", range, net.Time, arguments);
    }

    private static string Begin(RecurrentOperands net, DeviceBinding b, DType weights) => $$"""
        {{net.Functions(1, weights)}}
        __kernel void begin({{net.Parameters}}, __global REAL* memory, int pitch)
        {
            int j = (int)get_global_id(0), row = (int)get_global_id(1);
            if (j >= pitch) return;
            memory[row * pitch + j] = {{net.First(b, 0)}};
            memory[(batch + row) * pitch + j] = 0;
            {{(net.Op is LSTM ? $"memory[(2 * batch + row) * pitch + j] = {net.First(b, 1)};" : string.Empty)}}
            {{(net.Op.ReturnSequences ? string.Empty : "if (j < units) y[row * units + j] = 0;")}}
        }

        """;

    /// <summary>On a CPU an item has a block of units of all rows.</summary>
    private static string InBlocks(RecurrentOperands net, DeviceBinding b, DType weights, bool hasBias)
    {
        int gates = net.Op.Gates, most = Math.Min(net.Batch, RecurrentTiles.MostRows);
        int[] all = [.. Enumerable.Range(0, gates)];
        return $$"""
            {{net.Functions(Lanes.Vector, weights)}}
            {{RecurrentTiles.Functions(gates, most)}}
            __kernel void advance({{net.Parameters}}, __global REAL* memory, int pitch, int step)
            {
                int block = (int)get_global_id(0), first = block * LANES, rest = min(LANES, units - first);
                {{net.Places}}
                __global REAL* before = memory + (step & 1) * batch * pitch, * next = memory + (~step & 1) * batch * pitch, * cells = memory + 2 * batch * pitch;
                __global const WEIGHT* w = weights + first * units * {{gates}};
                for (int begin = 0; begin < batch; begin += {{most}})
                {
                    int moving = 0, which[{{most}}];
                    __global const REAL* rows[{{most + RecurrentTiles.MostRows}}], * inputs[{{most}}];
                    for (int row = begin; row < min(begin + {{most}}, batch); row++)
                    {
                        __global const REAL* input = {{net.Input($"{gates} * pitch")}};
                        if ({{net.Mask(b)}})
                        {
                            which[moving] = row;
                            inputs[moving] = input + first * {{gates}};
                            rows[moving++] = before + row * pitch;
                            continue;
                        }
                        __global REAL* out = {{net.Output}};
                        STORE(LOAD(before + row * pitch + first), next + row * pitch + first)
                        for (int j = first; j < first + rest; j++) out[j] = {{net.Masked}};
                    }
                    for (int i = moving; i < moving + {{RecurrentTiles.MostRows}} && moving > 0; i++) rows[i] = rows[moving - 1];
                    if (moving == 0) continue;
                    REALS sums[{{RecurrentTiles.MostRows * gates}}];
                    int i = 0;
                    {{RecurrentTiles.Call(gates, most, "w, rows, units, sums")}}
                    for (; i < moving; i++)
                    {
                        int row = which[i];
                        REALS h = LOAD(before + row * pitch + first){{(net.Op is LSTM ? ", c = LOAD(cells + row * pitch + first)" : string.Empty)}};
                        {{string.Join(" ", all.Select(g => $"REALS g{g} = sums[i * {gates} + {g}], x{g} = LOAD(inputs[i] + {g} * LANES);"))}}
                        {{net.Cell(g => g == 2 && hasBias ? " + LOAD(bias + first)" : string.Empty)}}
                        STORE(after, next + row * pitch + first)
                        {{(net.Op is LSTM ? "STORE(c, cells + row * pitch + first)" : string.Empty)}}
                        __global REAL* out = {{net.Output}};
                        for (int j = 0; j < rest; j++) out[first + j] = next[row * pitch + first + j];
                    }
                }
                for (int row = 0; row < batch && step == time - 1; row++)
                    for (int j = first; j < first + rest; j++)
                    {
                        lastH[row * units + j] = next[row * pitch + j];
                        {{(net.Op is LSTM ? "lastC[row * units + j] = cells[row * pitch + j];" : string.Empty)}}
                    }
            }

            """;
    }

    /// <summary>On a GPU a group has some units of a row; its items share the units before, and the first of them make the sums' sum.</summary>
    private static string InGroups(RecurrentOperands net, DeviceBinding b, DType weights, bool hasBias)
    {
        int gates = net.Op.Gates;
        int[] all = [.. Enumerable.Range(0, gates)];
        return $$"""
            {{net.Functions(1, weights)}}
            __kernel __attribute__((reqd_work_group_size({{Units * Parts}}, 1, 1))) void advance({{net.Parameters}}, __global REAL* memory, int pitch, int step)
            {
                __local REAL parts[{{gates}}][{{Parts}}][{{Units}}];
                int item = (int)get_local_id(0), part = item / {{Units}}, j = (int)get_group_id(0) * {{Units}} + item % {{Units}}, row = (int)get_global_id(1);
                {{net.Places}}
                __global REAL* before = memory + ((step & 1) * batch + row) * pitch, * next = memory + ((~step & 1) * batch + row) * pitch, * cell = memory + (2 * batch + row) * pitch;
                __global const REAL* input = {{net.Input($"{gates} * units")}};
                __global REAL* out = {{net.Output}};
                int counts = {{net.Mask(b)}};
                if (counts)
                {
                    REAL {{string.Join(", ", all.Select(g => $"s{g} = 0"))}};
                    if (j < units)
                        for (int k = part; k < units; k += {{Parts}})
                        {
                            __global const WEIGHT* w = weights + k * units * {{gates}} + j;
                            REAL v = before[k];
                            {{string.Join(" ", all.Select(g => $"s{g} = fma(v, WEIGHTS(w + {g} * units), s{g});"))}}
                        }
                    {{string.Join(" ", all.Select(g => $"parts[{g}][part][item % {Units}] = s{g};"))}}
                }
                barrier(CLK_LOCAL_MEM_FENCE);
                if (part != 0 || j >= units) return;
                REAL h = before[j]{{(net.Op is LSTM ? ", c = cell[j]" : string.Empty)}}, state = h;
                if (counts)
                {
                    {{string.Join(" ", all.Select(g => $"REAL g{g} = 0, x{g} = input[{g} * units + j];"))}}
                    for (int p = 0; p < {{Parts}}; p++) { {{string.Join(" ", all.Select(g => $"g{g} += parts[{g}][p][item];"))}} }
                    {{net.Cell(g => hasBias ? $" + bias[{gates + g} * units + j]" : string.Empty)}}
                    state = after;
                }
                next[j] = state;
                out[j] = counts ? state : {{net.Masked}};
                {{(net.Op is LSTM ? "cell[j] = c;" : string.Empty)}}
                if (step == time - 1)
                {
                    lastH[row * units + j] = state;
                    {{(net.Op is LSTM ? "lastC[row * units + j] = c;" : string.Empty)}}
                }
            }

            """;
    }
}
