using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>
/// A recurrent net on a GPU: a group of work-items walks the steps of one row, or of several where there are many, with their states in
/// local memory; an item has every so many units, of all gates. A step that is masked in all rows of a group is left out.
/// </summary>
internal static class RecurrentGroups
{
    private const int LargestGroup = 256, MostRows = 4;

    /// <summary>Two sides of h, c, and what a reset before the second product keeps.</summary>
    private const int States = 4;

    public static bool Fits(RecurrentOperands net, DeviceBinding b) => LocalBytes(net, 1) <= b.Device.LocalBytes;

    public static void Launch(RecurrentOperands net, DeviceBinding b, Slot rows, Slot weights, Slot? bias)
    {
        // Rows of a group share the reading of the weights, but no processor should be idle for it.
        int own = 1;
        while (own < MostRows && net.Batch >= 2 * own * b.Device.ComputeUnits && LocalBytes(net, 2 * own) <= b.Device.LocalBytes)
        {
            own *= 2;
        }

        int group = b.Device.IsCpu ? 1 : Math.Min(Math.Min(LargestGroup, b.Device.LargestGroup), (net.Units + 31) / 32 * 32);
        b.Launch(
            Source(net, b, weights.DType, own, group, bias is not null), "recurrent", WorkRange.Groups(net.Units == 0 ? 0 : (net.Batch + own - 1) / own, group),
            [.. net.Arguments(b, rows, weights, bias), KernelArgument.Local((int)LocalBytes(net, own))]);
    }

    private static long LocalBytes(RecurrentOperands net, int rows) => (long)States * rows * net.Units * net.Type.Size();

    private static string Source(RecurrentOperands net, DeviceBinding b, DType weights, int own, int group, bool hasBias)
    {
        RecurrentOp op = net.Op;
        bool hasC = op is LSTM || net.HasTwoProducts;
        return $$"""
            {{net.Functions(1, weights)}}
            #define ROWS {{own}}
            __kernel __attribute__((reqd_work_group_size({{group}}, 1, 1))) void recurrent({{net.Parameters}}, __local REAL* memory)
            {
                int begin = (int)get_group_id(0) * ROWS, item = (int)get_local_id(0), items = (int)get_local_size(0), side = 0;
                __local REAL* cells = memory + 2 * ROWS * units, * kept = cells + ROWS * units;
                for (int i = 0; i < ROWS; i++)
                {
                    int row = min(begin + i, batch - 1);
                    for (int j = item; j < units; j += items)
                    {
                        memory[i * units + j] = {{net.First(b, 0)}};
                        {{(hasC ? $"cells[i * units + j] = {(op is LSTM ? net.First(b, 1) : "0")};" : string.Empty)}}
                        {{(op.ReturnSequences ? string.Empty : "if (begin + i < batch) y[row * units + j] = 0;")}}
                    }
                }
                barrier(CLK_LOCAL_MEM_FENCE);
                for (int step = 0; step < time; step++)
                {
                    {{net.Places}}
                    int counts[ROWS], any = 0;
                    __global const REAL* inputs[ROWS];
                    for (int i = 0; i < ROWS; i++)
                    {
                        int row = min(begin + i, batch - 1);
                        inputs[i] = {{net.Input($"{op.Gates} * units")}};
                        counts[i] = begin + i < batch && {{net.Mask(b)}};
                        any |= counts[i];
                    }
                    __local REAL* before = memory + side * ROWS * units, * after_ = memory + (side ^ 1) * ROWS * units;
                    // The same for all items of the group, as barriers demand.
                    if (any)
                    {
                        {{(net.HasTwoProducts
                            ? Units(net, 0, 2, "before", RecurrentOperands.Reset + "\ncells[at_] = c;\nkept[at_] = r;", hasC) + "barrier(CLK_LOCAL_MEM_FENCE);\n" + Units(net, 2, 1, "kept", Last(net, hasBias), hasC)
                            : Units(net, 0, op.Gates, "before", Last(net, hasBias), hasC))}}
                        barrier(CLK_LOCAL_MEM_FENCE);
                        side ^= 1;
                    }
                    for (int i = 0; i < ROWS; i++)
                    {
                        int row = begin + i;
                        __global REAL* out = {{net.Output}};
                        if (row < batch && !counts[i])
                            for (int j = item; j < units; j += items) out[j] = {{net.Masked}};
                    }
                }
                for (int i = 0; i < ROWS && begin + i < batch; i++)
                    for (int j = item; j < units; j += items)
                    {
                        lastH[(begin + i) * units + j] = memory[(side * ROWS + i) * units + j];
                        {{(op is LSTM ? "lastC[(begin + i) * units + j] = cells[i * units + j];" : string.Empty)}}
                    }
            }

            """;
    }

    /// <summary>Items side by side read neighbouring units' weights, once for all rows.</summary>
    private static string Units(RecurrentOperands net, int first, int gates, string source, string cell, bool hasC)
    {
        int[] own = [.. Enumerable.Range(first, gates)];
        return $$"""
            for (int j = item; j < units; j += items)
            {
                REAL {{string.Join(", ", own.Select(g => $"s{g}[ROWS]"))}};
                for (int i = 0; i < ROWS; i++) { {{string.Join(" ", own.Select(g => $"s{g}[i] = 0;"))}} }
                __global const WEIGHT* w = weights + j;
                for (int k = 0; k < units; k++, w += {{net.Op.Gates}} * units)
                {
                    {{string.Join(" ", own.Select(g => $"REAL w{g} = WEIGHTS(w + {g} * units);"))}}
                    for (int i = 0; i < ROWS; i++) { REAL v = {{source}}[i * units + k]; {{string.Join(" ", own.Select(g => $"s{g}[i] = fma(v, w{g}, s{g}[i]);"))}} }
                }
                for (int i = 0; i < ROWS; i++)
                {
                    int row = begin + i, at_ = i * units + j;
                    REAL h = before[at_]{{(hasC ? ", c = cells[at_]" : string.Empty)}};
                    if (!counts[i]) { after_[at_] = h; continue; }
                    {{string.Join(" ", own.Select(g => $"REAL g{g} = s{g}[i], x{g} = inputs[i][{g} * units + j];"))}}
                    {{cell}}
                }
            }

            """;
    }

    private static string Last(RecurrentOperands net, bool hasBias) => $"""
        {net.Cell(g => hasBias ? $" + bias[{net.Op.Gates + g} * units + j]" : string.Empty)}
        after_[at_] = after;
        {(net.Op is LSTM ? "cells[at_] = c;" : string.Empty)}
        __global REAL* out = {net.Output};
        out[j] = after;
        """;
}
