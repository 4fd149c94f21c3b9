namespace KerasCompat.Runtime.OpenCl;

/// <summary>CLBlast, a library of matrix products for OpenCL, by its C interface.</summary>
internal static class ClBlastLibrary
{
    /// <summary>The environment variable that names the library's file, where it lies in no usual place.</summary>
    public const string PathVariable = "KERASCOMPAT_CLBLAST";

    private static readonly OptionalLibrary<ClBlastApi> Library = new(
        "CLBlast",
        PathVariable,
        library => new ClBlastApi(library),
        OperatingSystem.IsWindows() ? ["clblast.dll"]
        : OperatingSystem.IsMacOS() ? ["libclblast.1.dylib", "libclblast.dylib"]
        : ["libclblast.so.1", "libclblast.so"]);

    /// <summary>The library's functions; null where there is no library.</summary>
    public static ClBlastApi? Api => Library.Functions;

    /// <summary>Why there is no library; null where there is one.</summary>
    public static string? Reason => Library.Reason;
}
