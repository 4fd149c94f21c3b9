namespace KerasCompat.Containers;

/// <summary>Names of other files inside a file: they may lead down from its folder and nowhere else.</summary>
internal static class SiblingFile
{
    /// <exception cref="ModelFormatException">The name leads elsewhere.</exception>
    public static string Check(string name, string place)
    {
        bool leadsOut = name.Length == 0 || name.Contains(':') || name.Contains('\0') || Path.IsPathRooted(name) || name[0] is '/' or '\\'
            || name.Split('/', '\\').Any(part => part is "..");
        return leadsOut
            ? throw new ModelFormatException(place, $"the file name \"{name.Replace('\0', '?')}\"", "a name relative to this file, in the same folder or below")
            : name;
    }
}
