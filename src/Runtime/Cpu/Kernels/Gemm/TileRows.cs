namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>How many rows (or positions) a tile has, as a constant the compiler sees.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct Rows12 : ITileRows
{
    public static int Count => 12;
}

internal readonly struct Rows10 : ITileRows
{
    public static int Count => 10;
}

internal readonly struct Rows8 : ITileRows
{
    public static int Count => 8;
}

internal readonly struct Rows6 : ITileRows
{
    public static int Count => 6;
}

internal readonly struct Rows4 : ITileRows
{
    public static int Count => 4;
}

internal readonly struct Rows3 : ITileRows
{
    public static int Count => 3;
}

internal readonly struct Rows2 : ITileRows
{
    public static int Count => 2;
}

internal readonly struct Rows1 : ITileRows
{
    public static int Count => 1;
}
