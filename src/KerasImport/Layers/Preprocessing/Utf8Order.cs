namespace KerasCompat.Layers;

/// <summary>Orders texts by their UTF-8 bytes, which is by code points; C#'s ordinal order puts what lies outside the BMP before U+E000.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        int common = x.AsSpan().CommonPrefixLength(y);
        bool xEnds = common == (x?.Length ?? 0), yEnds = common == (y?.Length ?? 0);
        return xEnds || yEnds ? yEnds.CompareTo(xEnds) : Rank(x![common]).CompareTo(Rank(y![common]));
    }

    /// <summary>Code units in the order of the code points they belong to: surrogates last.</summary>
    private static int Rank(char unit) => unit switch
    {
        >= '\uE000' => unit - 0x800,
        >= '\uD800' => unit + 0x2000,
        _ => unit,
    };
}
